namespace WebhookDelivery.Core;

/// <summary>Where ids come from; injected, so that a simulation can reproduce a run.</summary>
public interface IIdSource
{
    /// <summary>A new UUIDv7 whose time part is <paramref name="now"/>, to the millisecond.</summary>
    Guid NewId(DateTimeOffset now);
}
