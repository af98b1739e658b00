using System.Diagnostics.CodeAnalysis;

namespace WebhookDelivery.Http;

/// <summary>Values by name; past its bound it forgets what was set longest ago. Not thread-safe.</summary>
internal sealed class BoundedMap<T>(int countMax)
{
    private readonly Dictionary<string, LinkedListNode<(string Name, T Value)>> _nodes = new(
        StringComparer.Ordinal
    );

    private readonly LinkedList<(string Name, T Value)> _oldestFirst = [];

    public bool TryGet(string name, [MaybeNullWhen(false)] out T value)
    {
        var found = _nodes.TryGetValue(name, out var node);
        value = found ? node!.Value.Value : default;
        return found;
    }

    public void Set(string name, T value)
    {
        Remove(name);
        if (_nodes.Count == countMax)
        {
            Remove(_oldestFirst.First!.Value.Name);
        }

        _nodes.Add(name, _oldestFirst.AddLast((name, value)));
    }

    public void Remove(string name)
    {
        if (_nodes.Remove(name, out var node))
        {
            _oldestFirst.Remove(node);
        }
    }
}
