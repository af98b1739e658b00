using Microsoft.Extensions.Logging;

namespace WebhookDelivery.Aws;

/// <summary>What dead letters' messages tell the operator. Event ids 4080–4099.</summary>
internal static partial class DeadLetterLog
{
    [LoggerMessage(
        4080,
        LogLevel.Warning,
        "The dead-letter queue has no message of {EventId} to {EndpointId} of {TenantId}, which the store has: {Reason}"
    )]
    public static partial void NotSent(
        ILogger logger,
        string tenantId,
        string eventId,
        string endpointId,
        string reason
    );

    [LoggerMessage(
        4081,
        LogLevel.Warning,
        "The dead-letter queue refused to {Action} messages: {Reason}"
    )]
    public static partial void QueueRefused(ILogger logger, string action, string reason);

    [LoggerMessage(
        4082,
        LogLevel.Warning,
        "{Count} messages of the dead-letter queue cannot be read and stay; one is {MessageId}"
    )]
    public static partial void Unreadable(ILogger logger, int count, string messageId);

    [LoggerMessage(
        4083,
        LogLevel.Warning,
        "Poison is not recorded, and stays in the dead-letter queue: {EventId} to {EndpointId} of {TenantId}: {Reason}"
    )]
    public static partial void PoisonNotRecorded(
        ILogger logger,
        string tenantId,
        string eventId,
        string endpointId,
        string reason
    );

    [LoggerMessage(
        4084,
        LogLevel.Warning,
        "Poison, now a dead letter: {EventId} to {EndpointId} of {TenantId}, generation {Generation}, attempt {Attempt}"
    )]
    public static partial void PoisonRecorded(
        ILogger logger,
        string tenantId,
        string eventId,
        string endpointId,
        int generation,
        int attempt
    );

    [LoggerMessage(
        4085,
        LogLevel.Warning,
        "Messages of the dead-letter queue could not be compared with the store, and stay: {Reason}"
    )]
    public static partial void NotCompared(ILogger logger, string reason);

    [LoggerMessage(
        4086,
        LogLevel.Information,
        "Of {Received} messages of the dead-letter queue {Dropped} were stale"
    )]
    public static partial void Reconciled(ILogger logger, int received, int dropped);

    [LoggerMessage(4087, LogLevel.Information, "{Requeued} dead letters requeued, {Failed} failed")]
    public static partial void Requeued(ILogger logger, int requeued, int failed);
}
