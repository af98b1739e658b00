using System.Buffers.Text;

namespace WebhookDelivery.Core;

/// <summary>
/// Every field that some filters ask for, as a tree of steps from the payload down: one pass over a
/// payload finds the values of all of them, however many filters there are. Immutable, thread-safe.
/// </summary>
internal sealed class FieldTree
{
    /// <summary>Most digits of a step that can stand for an item of an array.</summary>
    private const int IndexDigitsMax = 9;

    private readonly List<Node> _nodes = [new(0)];
    private readonly Dictionary<FieldPath, int> _byField = [];

    /// <summary>A tree of the fields of these filters.</summary>
    public FieldTree(IEnumerable<PayloadFilter> filters)
    {
        foreach (var field in filters.SelectMany(filter => filter.Root.Fields))
        {
            var node = 0;
            foreach (var step in field.Steps)
            {
                node = Add(node, step);
            }

            _byField[field] = node;
        }
    }

    /// <summary>How many nodes there are; the payload itself is node 0.</summary>
    public int Count => _nodes.Count;

    /// <summary>Reads a payload's values; dispose of them when they are no longer asked for.</summary>
    public PayloadValues Read(ReadOnlySpan<byte> payload) => new(this, payload);

    /// <summary>The node of a field of the filters that it was made of.</summary>
    public int Find(FieldPath field) => _byField[field];

    /// <summary>The node above; of the payload itself, that one.</summary>
    public int Above(int node) => _nodes[node].Above;

    public bool IsLeaf(int node) => _nodes[node].Steps is null;

    /// <summary>The last item of an array at this node that some field names; -1 for none.</summary>
    public int LastIndexAt(int node) => _nodes[node].LastIndex;

    /// <summary>The node below by a member's name, or by an item's number in digits; -1 for none.</summary>
    public int Below(int node, ReadOnlySpan<byte> name) =>
        _nodes[node].Steps is { } steps
        && steps.GetAlternateLookup<ReadOnlySpan<byte>>().TryGetValue(name, out var below)
            ? below
            : -1;

    private int Add(int above, byte[] step)
    {
        var node = _nodes[above];
        node.Steps ??= new Dictionary<byte[], int>(Utf8Names.Comparer);
        if (node.Steps.TryGetValue(step, out var there))
        {
            return there;
        }

        if (TryReadIndex(step, out var index))
        {
            node.LastIndex = Math.Max(node.LastIndex, index);
        }

        _nodes.Add(new Node(above));
        return node.Steps[step] = _nodes.Count - 1;
    }

    /// <summary>A number as it is written by itself: 0, 1, 10, but not 01.</summary>
    private static bool TryReadIndex(ReadOnlySpan<byte> step, out int index)
    {
        index = -1;
        return step.Length is >= 1 and <= IndexDigitsMax
            && (step.Length == 1 || step[0] != '0')
            && !step.ContainsAnyExceptInRange((byte)'0', (byte)'9')
            && Utf8Parser.TryParse(step, out index, out _);
    }

    private sealed class Node(int above)
    {
        public int Above { get; } = above;

        public int LastIndex { get; set; } = -1;

        public Dictionary<byte[], int>? Steps { get; set; }
    }
}
