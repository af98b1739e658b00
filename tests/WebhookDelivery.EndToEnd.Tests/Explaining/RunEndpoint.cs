namespace WebhookDelivery.EndToEnd.Tests;

/// <summary>An endpoint as the run's ledger has it.</summary>
internal sealed class RunEndpoint
{
    public required EndpointRef Ref { get; init; }

    public required Uri Url { get; init; }

    /// <summary>True if it has a rate limit, which time that stands still never renews.</summary>
    public required bool IsLimited { get; init; }

    public int Version { get; set; } = 1;

    public RunFilter Filter { get; set; } = RunFilter.All;

    public bool IsDisabled { get; set; }

    public bool IsDeleted { get; set; }
}
