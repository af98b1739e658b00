namespace WebhookDelivery.Core;

/// <summary>The names of operators.</summary>
internal static class FilterOperators
{
    private static readonly Dictionary<string, FilterOperator> s_byName = new(
        StringComparer.Ordinal
    )
    {
        ["equals"] = FilterOperator.Equal,
        ["not_equals"] = FilterOperator.NotEqual,
        ["in"] = FilterOperator.In,
        ["not_in"] = FilterOperator.NotIn,
        ["exists"] = FilterOperator.Exists,
        ["gt"] = FilterOperator.Greater,
        ["gte"] = FilterOperator.GreaterOrEqual,
        ["lt"] = FilterOperator.Less,
        ["lte"] = FilterOperator.LessOrEqual,
        ["starts_with"] = FilterOperator.StartsWith,
    };

    /// <summary>All of them, as a filter spells them.</summary>
    public static IReadOnlyCollection<string> Names => s_byName.Keys;

    public static bool TryParse(string name, out FilterOperator found) =>
        s_byName.TryGetValue(name, out found);
}
