namespace WebhookDelivery.Core;

/// <summary>When an endpoint counts as failing, and when it is disabled for that.</summary>
public sealed record EndpointHealthOptions
{
    /// <summary>
    /// Failures in a row that make an endpoint failing, if they also last for <see cref="FailingAfter"/>;
    /// at least 1, default 10. Each process counts its own.
    /// </summary>
    public int FailuresInARow { get; init; } = 10;

    /// <summary>
    /// From the first of those failures to the last, inclusive, at least; default 1 minute, so that a
    /// restart of the receiver makes no news.
    /// </summary>
    public TimeSpan FailingAfter { get; init; } = TimeSpan.FromMinutes(1);

    /// <summary>
    /// How long nothing but failures may come back before the endpoint is disabled, inclusive; default
    /// 5 days. Zero: it never is.
    /// </summary>
    public TimeSpan DisableAfter { get; init; } = TimeSpan.FromDays(5);

    /// <summary>
    /// Most endpoints whose failures are counted at once, some 200 bytes each; at least 1, default
    /// 100,000. One more, and all are counted anew.
    /// </summary>
    public int StreaksMax { get; init; } = 100_000;
}
