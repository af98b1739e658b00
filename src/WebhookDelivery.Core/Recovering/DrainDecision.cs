namespace WebhookDelivery.Core;

/// <summary>What a drain does next.</summary>
/// <param name="Pace">The pace from now on.</param>
public abstract record DrainDecision(DrainPace Pace)
{
    /// <summary>Starts a slice at the pace.</summary>
    /// <param name="Pace">The pace.</param>
    public sealed record Go(DrainPace Pace) : DrainDecision(Pace);

    /// <summary>Starts at most <see cref="DrainPace.ProbesMax"/>, to see whether the endpoint is back.</summary>
    /// <param name="Pace">The pace.</param>
    public sealed record Try(DrainPace Pace) : DrainDecision(Pace);

    /// <summary>Starts nothing for a while.</summary>
    /// <param name="Pace">The pace when it goes on.</param>
    /// <param name="For">For how long.</param>
    public sealed record Rest(DrainPace Pace, TimeSpan For) : DrainDecision(Pace);
}
