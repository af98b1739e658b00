namespace WebhookDelivery.Core;

/// <summary>What to do after an attempt. The policy decides; the runner carries it out.</summary>
public abstract record RetryDecision
{
    private RetryDecision() { }

    /// <summary>The transition of the delivery that this decision means.</summary>
    public abstract DeliveryTransition Transition { get; }

    /// <summary>Done: the receiver has it.</summary>
    public sealed record Delivered : RetryDecision
    {
        /// <inheritdoc/>
        public override DeliveryTransition Transition { get; } =
            new(DeliveryStatus.Delivered, null);
    }

    /// <summary>Try again.</summary>
    /// <param name="At">When.</param>
    public sealed record RetryAt(DateTimeOffset At) : RetryDecision
    {
        /// <inheritdoc/>
        public override DeliveryTransition Transition => new(DeliveryStatus.Failed, At);
    }

    /// <summary>The schedule is used up.</summary>
    public sealed record DeadLetter : RetryDecision
    {
        /// <inheritdoc/>
        public override DeliveryTransition Transition { get; } =
            new(DeliveryStatus.DeadLetter, null);
    }

    /// <summary>The endpoint said that it is gone: dead-letter this and disable it.</summary>
    public sealed record EndpointGone : RetryDecision
    {
        /// <inheritdoc/>
        public override DeliveryTransition Transition { get; } =
            new(DeliveryStatus.DeadLetter, null);
    }

    /// <summary>The receiver wants this delivery never again: dead-letter it.</summary>
    public sealed record Aborted : RetryDecision
    {
        /// <inheritdoc/>
        public override DeliveryTransition Transition { get; } =
            new(DeliveryStatus.DeadLetter, null);
    }
}
