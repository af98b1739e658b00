using System.Text.Json;

namespace WebhookDelivery.Core;

/// <summary>The pass over a payload that finds the values at the fields of a tree.</summary>
/// <remarks>
/// Of a member that is given twice the last one counts, with all that is in it. So that nothing must
/// be cleared when the second one comes, each node counts how often it was entered, and notes in which
/// entry of the node above: a value stands if all notes up to the payload are of the last entry.
/// </remarks>
/// <param name="tree">The fields.</param>
/// <param name="states">What is found, a state for each node; all default at first.</param>
internal readonly struct PayloadPass(FieldTree tree, FieldState[] states)
{
    private const int IndexDigitsMax = 10;

    /// <summary>Most bytes of a name that can be a step: six for each character, if it is all escapes.</summary>
    private const int NameBytesMax = 6 * PayloadFilter.TextLengthMax;

    private static readonly JsonReaderOptions s_reading = new()
    {
        MaxDepth = PayloadInspector.DepthMax + 1,
    };

    /// <summary>Reads a payload; one that is no JSON has no fields.</summary>
    public void Read(ReadOnlySpan<byte> payload)
    {
        try
        {
            var reader = new Utf8JsonReader(payload, s_reading);
            reader.Read();
            ReadValue(ref reader, 0);

            // Throws if more follows.
            reader.Read();
        }
        catch (JsonException)
        {
            // What was found before the fault does not count either.
            states[0].Entries = -1;
        }
    }

    /// <summary>Whether the last value of a node is one of the payload as its last members have it.</summary>
    public bool Stands(int node)
    {
        while (node != 0)
        {
            var above = tree.Above(node);
            if (states[node].EntryAbove != states[above].Entries)
            {
                return false;
            }

            node = above;
        }

        return true;
    }

    /// <summary>Reads the value that the reader stands on, to its end.</summary>
    private void ReadValue(ref Utf8JsonReader reader, int node)
    {
        Note(in reader, node);
        if (tree.IsLeaf(node))
        {
            reader.Skip();
        }
        else if (reader.TokenType == JsonTokenType.StartObject)
        {
            ReadObject(ref reader, node);
        }
        else if (reader.TokenType == JsonTokenType.StartArray)
        {
            ReadArray(ref reader, node);
        }
    }

    private void Note(in Utf8JsonReader reader, int node)
    {
        ref var state = ref states[node];
        state.Entries++;
        state.EntryAbove = states[tree.Above(node)].Entries;
        state.Kind = KindOf(reader.TokenType);
        var isText = state.Kind == PayloadKind.Text;
        state.Start = (int)reader.TokenStartIndex + (isText ? 1 : 0);
        state.Length = isText || state.Kind == PayloadKind.Number ? reader.ValueSpan.Length : 0;
    }

    private void ReadObject(ref Utf8JsonReader reader, int node)
    {
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var below = FindBelow(in reader, node);
            reader.Read();
            ReadBelow(ref reader, below);
        }
    }

    private void ReadArray(ref Utf8JsonReader reader, int node)
    {
        var last = tree.LastIndexAt(node);
        Span<byte> digits = stackalloc byte[IndexDigitsMax];
        for (var i = 0; reader.Read() && reader.TokenType != JsonTokenType.EndArray; i++)
        {
            var below = -1;
            if (i <= last)
            {
                i.TryFormat(digits, out var length);
                below = tree.Below(node, digits[..length]);
            }

            ReadBelow(ref reader, below);
        }
    }

    private void ReadBelow(ref Utf8JsonReader reader, int below)
    {
        if (below < 0)
        {
            reader.Skip();
        }
        else
        {
            ReadValue(ref reader, below);
        }
    }

    private int FindBelow(in Utf8JsonReader reader, int node)
    {
        var name = reader.ValueSpan;
        if (!reader.ValueIsEscaped)
        {
            return tree.Below(node, name);
        }

        if (name.Length > NameBytesMax)
        {
            return -1;
        }

        Span<byte> room = stackalloc byte[NameBytesMax];
        return tree.Below(node, JsonEscapes.Unescape(name, room));
    }

    private static PayloadKind KindOf(JsonTokenType token) =>
        token switch
        {
            JsonTokenType.Null => PayloadKind.Null,
            JsonTokenType.True => PayloadKind.True,
            JsonTokenType.False => PayloadKind.False,
            JsonTokenType.Number => PayloadKind.Number,
            JsonTokenType.String => PayloadKind.Text,
            JsonTokenType.StartArray => PayloadKind.Array,
            _ => PayloadKind.Object,
        };
}
