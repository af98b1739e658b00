using Microsoft.Extensions.Logging;

namespace WebhookDelivery.Core;

/// <summary>What is said about health. Event ids 1100–1119.</summary>
internal static partial class HealthLog
{
    [LoggerMessage(
        1100,
        LogLevel.Warning,
        "Operational events could not be accepted, {count} since the last of these entries; of endpoints disabled tenants are told later, of the rest not: {reason}"
    )]
    public static partial void Untold(ILogger logger, int count, string reason);

    [LoggerMessage(
        1101,
        LogLevel.Information,
        "Endpoint {change} tenant={tenant} endpoint={endpointId} failing_since={failingSince:O}"
    )]
    public static partial void Changed(
        ILogger logger,
        string change,
        string tenant,
        string endpointId,
        DateTimeOffset failingSince
    );
}
