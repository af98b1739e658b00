using WebhookDelivery.Core;

namespace WebhookDelivery.Simulation.Tests;

/// <summary>A delivery as it is stored, with its event.</summary>
internal sealed class StoredDelivery(StoredRecord record, Delivery first)
{
    public StoredRecord Record { get; } = record;

    public Delivery Value { get; set; } = first;

    public DeliveryKey Key => Value.Key;

    /// <summary>Whether an attempt is coming of itself.</summary>
    public bool IsOpen => Value.NextAttemptAt is not null;

    /// <summary>Whether it goes behind live ones: recovered, replayed or resumed in this generation.</summary>
    public bool IsBacklog { get; set; }

    /// <summary>Whether it is open and at a stage.</summary>
    public bool IsAt(DeliveryFence fence) =>
        IsOpen
        && Value.Generation == fence.Generation
        && Value.GenerationAttempts == fence.GenerationAttempts;

    /// <summary>The delivery as a queue carries it.</summary>
    public DueDelivery ToDue(DateTimeOffset dueAt, bool withPayload) =>
        new()
        {
            Key = Key,
            Generation = Value.Generation,
            Attempt = Value.GenerationAttempts + 1,
            DueAt = dueAt,
            Source = Value.Source,
            Backlog = IsBacklog,
            EventType = Record.Event.Type,
            Payload = withPayload ? Record.Event.Payload : (ReadOnlyMemory<byte>?)null,
            TraceParent = Record.Event.TraceParent,
        };
}
