using Microsoft.Extensions.Logging;

namespace WebhookDelivery.Core;

/// <summary>What slices of recoveries are made with.</summary>
internal sealed record RecoveryServices(
    IRecoveryStore Recoveries,
    ITenantStore Tenants,
    IEventStore Events,
    IDeliveryQueue Queue,
    IWebhookSender Sender,
    TimeProvider Time,
    RecoveryOptions Options,
    DeliveryOptions Delivery,
    GraceAfterChange Grace,
    DeliveryStatistics Statistics,
    ILogger Logger
)
{
    /// <summary>What a kind of recovery does.</summary>
    public IRecoveryWork WorkOf(RecoveryKind kind) =>
        WorkOf(kind, Events, Queue, Delivery, Statistics);

    /// <summary>What a kind of recovery does; a resume has no work of this form.</summary>
    public static IRecoveryWork WorkOf(
        RecoveryKind kind,
        IEventStore events,
        IDeliveryQueue queue,
        DeliveryOptions delivery,
        DeliveryStatistics statistics
    ) =>
        kind switch
        {
            RecoveryKind.Recover => new RecoverWork(events, delivery),
            RecoveryKind.Replay => new ReplayWork(events, statistics),
            RecoveryKind.Cancel => new CancelWork(events, queue, statistics),
            _ => throw new ArgumentOutOfRangeException(nameof(kind), kind, "It has no such work."),
        };
}
