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
    ILogger Logger
)
{
    /// <summary>What a kind of recovery does.</summary>
    public IRecoveryWork WorkOf(RecoveryKind kind) => WorkOf(kind, Events, Queue, Delivery);

    /// <summary>What a kind of recovery does; a resume has no work of this form.</summary>
    public static IRecoveryWork WorkOf(
        RecoveryKind kind,
        IEventStore events,
        IDeliveryQueue queue,
        DeliveryOptions delivery
    ) =>
        kind switch
        {
            RecoveryKind.Recover => new RecoverWork(events, delivery),
            RecoveryKind.Replay => new ReplayWork(events),
            RecoveryKind.Cancel => new CancelWork(events, queue),
            _ => throw new ArgumentOutOfRangeException(nameof(kind), kind, "It has no such work."),
        };
}
