using Microsoft.Extensions.Logging;

namespace WebhookDelivery.Aws;

/// <summary>What the event store tells its operator. Event ids 5100–5199.</summary>
internal static partial class EventStoreLog
{
    [LoggerMessage(
        5100,
        LogLevel.Information,
        "A request of {Tenant} under an idempotency key died half-way; {Event} is taken over"
    )]
    public static partial void KeyTakenOver(ILogger logger, string tenant, string @event);

    [LoggerMessage(
        5101,
        LogLevel.Debug,
        "Kept {Event} of {Tenant} longer: a delivery of it was started again late"
    )]
    public static partial void KeptLonger(ILogger logger, string @event, string tenant);
}
