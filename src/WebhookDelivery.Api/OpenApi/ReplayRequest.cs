namespace WebhookDelivery.Api;

/// <summary>Which events to deliver that the endpoint did not get. Members combine by and.</summary>
internal sealed record ReplayRequest
{
    /// <summary>Only events accepted at or after this time.</summary>
    public required DateTimeOffset Since { get; init; }

    /// <summary>Only events accepted before this time; absent for those that there are now.</summary>
    public DateTimeOffset? Until { get; init; }

    /// <summary>Only events of these types, of those that the endpoint takes.</summary>
    public IReadOnlyList<string>? EventTypes { get; init; }

    /// <summary>True to count only; default false.</summary>
    public bool? DryRun { get; init; }
}
