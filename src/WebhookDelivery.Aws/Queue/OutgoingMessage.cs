using WebhookDelivery.Core;

namespace WebhookDelivery.Aws;

/// <summary>A message on its way to SQS, and what became of it.</summary>
internal sealed class OutgoingMessage
{
    private readonly TaskCompletionSource<bool> _sent = new(
        TaskCreationOptions.RunContinuationsAsynchronously
    );

    /// <summary>Makes one.</summary>
    /// <param name="message">What to say.</param>
    /// <param name="wait">How long SQS keeps it; rounded up to whole seconds, at most 15 minutes.</param>
    /// <param name="bytesMax">Most bytes of a body that carries its payload.</param>
    public OutgoingMessage(DeliveryMessage message, TimeSpan wait, int bytesMax)
    {
        Message = message;
        (Body, Bytes) = DeliveryMessageCodec.Write(message, bytesMax);
        var seconds = Math.Ceiling(wait.TotalSeconds);
        DelaySeconds = (int)Math.Clamp(seconds, 0, AwsEngineOptions.SqsDelayMax.TotalSeconds);
    }

    public DeliveryMessage Message { get; }

    public DueDelivery Due => Message.Due;

    public string Body { get; private set; }

    /// <summary>How many bytes the body has.</summary>
    public int Bytes { get; private set; }

    public int DelaySeconds { get; }

    /// <summary>By what SQS shares its attention: one tenant's backlog does not hold up the others.</summary>
    public string Group => Due.Key.TenantId.Value;

    /// <summary>Whether SQS has it, once that is known. Never faults.</summary>
    public Task<bool> Sent => _sent.Task;

    /// <summary>Says what became of it.</summary>
    public void Settle(bool sent) => _sent.TrySetResult(sent);

    /// <summary>Leaves the payload to be read from the store; false if it is not there to leave.</summary>
    public bool TryDropPayload()
    {
        var (body, bytes) = DeliveryMessageCodec.Write(Message, bytesMax: 0);
        var dropped = bytes < Bytes;
        (Body, Bytes) = (body, bytes);
        return dropped;
    }
}
