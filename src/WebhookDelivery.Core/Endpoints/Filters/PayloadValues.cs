using System.Buffers;

namespace WebhookDelivery.Core;

/// <summary>The values that one payload has at the fields of a tree, read in one pass.</summary>
internal readonly ref struct PayloadValues : IDisposable
{
    private readonly FieldTree _tree;
    private readonly ReadOnlySpan<byte> _payload;
    private readonly FieldState[] _states;

    /// <summary>Reads a payload; one that is no JSON has no fields.</summary>
    public PayloadValues(FieldTree tree, ReadOnlySpan<byte> payload)
    {
        _tree = tree;
        _payload = payload;
        _states = ArrayPool<FieldState>.Shared.Rent(tree.Count);
        Array.Clear(_states, 0, tree.Count);
        new PayloadPass(tree, _states).Read(payload);
    }

    /// <summary>A field's value; one of the fields that the tree is made of.</summary>
    public PayloadValue Find(FieldPath field)
    {
        var node = _tree.Find(field);
        var state = _states[node];
        return new PayloadPass(_tree, _states).Stands(node)
            ? new PayloadValue(state.Kind, _payload.Slice(state.Start, state.Length))
            : default;
    }

    /// <inheritdoc/>
    public void Dispose() => ArrayPool<FieldState>.Shared.Return(_states);
}
