namespace WebhookDelivery.Crash.Tests;

/// <summary>A part of a server's life.</summary>
internal enum LifeMoment
{
    /// <summary>From the first instruction on.</summary>
    Start,

    /// <summary>Once it is ready, under load.</summary>
    Load,

    /// <summary>After it was told to stop.</summary>
    Stop,
}
