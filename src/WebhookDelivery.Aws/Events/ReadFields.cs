namespace WebhookDelivery.Aws;

/// <summary>Writes which attributes a read brings back.</summary>
internal static class ReadFields
{
    /// <summary>The expression, and what its placeholders stand for; the item's keys always come too.</summary>
    public static (string Expression, Dictionary<string, string> Names) Of(
        IEnumerable<string> fields
    )
    {
        // By placeholders all: several of the names are words that DynamoDB keeps for itself.
        var names = fields
            .Concat([EventsTable.TenantId, EventsTable.EventId])
            .Distinct()
            .ToDictionary(field => $"#{field}", StringComparer.Ordinal);
        return (string.Join(", ", names.Keys), names);
    }
}
