namespace WebhookDelivery.Core;

/// <summary>Ids from the operating system's random source. Thread-safe.</summary>
public sealed class RandomIdSource : IIdSource
{
    /// <inheritdoc/>
    public Guid NewId(DateTimeOffset now) => Guid.CreateVersion7(now);
}
