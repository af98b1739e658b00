using WebhookDelivery.Core;

namespace WebhookDelivery.Testing;

/// <summary>What an attempt comes to.</summary>
/// <param name="Reason">The reason code.</param>
/// <param name="StatusCode">The status; null where none came.</param>
public sealed record HostileOutcome(ReasonCode Reason, int? StatusCode = null)
{
    /// <summary>As the docs have it, such as <c>http_status 301</c>.</summary>
    public override string ToString() =>
        StatusCode is { } status ? $"{Reason.ToCode()} {status}" : Reason.ToCode();
}
