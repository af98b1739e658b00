namespace WebhookDelivery.Core;

/// <summary>The node that looks at a field.</summary>
/// <param name="asked">Which field.</param>
/// <param name="test">What is asked of it.</param>
/// <param name="values">What it is compared with: one value, or those of <c>in</c> and <c>not_in</c>.</param>
internal sealed class FilterCondition(
    FieldPath asked,
    FilterOperator test,
    IReadOnlyList<FilterValue> values
) : FilterNode
{
    /// <summary>
    /// Bytes of a text that are unescaped: more than any text to compare with has (three for each
    /// character), so that what is cut off cannot change an answer.
    /// </summary>
    private const int TextBytesMax = 3 * PayloadFilter.TextLengthMax + 4;

    public override IEnumerable<FieldPath> Fields => [asked];

    public override bool Matches(in PayloadValues payload)
    {
        var value = payload.Find(asked);
        Span<byte> room = stackalloc byte[TextBytesMax];
        var text = value.Kind == PayloadKind.Text ? JsonEscapes.Unescape(value.Raw, room) : [];
        return test switch
        {
            FilterOperator.Exists => (value.Kind != PayloadKind.Missing)
                == (values[0].Kind == PayloadKind.True),
            FilterOperator.Equal or FilterOperator.In => IsAny(in value, text),
            FilterOperator.NotEqual or FilterOperator.NotIn => !IsAny(in value, text),
            FilterOperator.StartsWith => value.Kind == PayloadKind.Text
                && text.StartsWith(values[0].Bytes),
            FilterOperator.Greater => values[0].Order(in value, text) > 0,
            FilterOperator.GreaterOrEqual => values[0].Order(in value, text) >= 0,
            FilterOperator.Less => values[0].Order(in value, text) < 0,
            _ => values[0].Order(in value, text) <= 0,
        };
    }

    public override string Explain(in PayloadValues payload, string path) =>
        $"{path}: {asked} is {payload.Find(asked).Show()}, but must {Wanted()}.";

    private bool IsAny(in PayloadValue value, ReadOnlySpan<byte> text)
    {
        foreach (var each in values)
        {
            if (each.Is(in value, text))
            {
                return true;
            }
        }

        return false;
    }

    private string Wanted() =>
        test switch
        {
            FilterOperator.Exists => values[0].Kind == PayloadKind.True
                ? "be there"
                : "not be there",
            FilterOperator.Equal => $"be {values[0].Shown}",
            FilterOperator.NotEqual => $"not be {values[0].Shown}",
            FilterOperator.In => $"be one of {values.Count} values",
            FilterOperator.NotIn => $"be none of {values.Count} values",
            FilterOperator.StartsWith => $"begin with {values[0].Shown}",
            FilterOperator.Greater => $"be above {values[0].Shown}",
            FilterOperator.GreaterOrEqual => $"be at least {values[0].Shown}",
            FilterOperator.Less => $"be below {values[0].Shown}",
            _ => $"be at most {values[0].Shown}",
        };
}
