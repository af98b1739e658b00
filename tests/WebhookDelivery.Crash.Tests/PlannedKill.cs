namespace WebhookDelivery.Crash.Tests;

/// <summary>One end of a server under load.</summary>
/// <param name="Point">Where it ends; <see cref="CrashPoint.None"/> for a signal from outside.</param>
/// <param name="Passing">At which passing of the point, from 1.</param>
/// <param name="Ending">How it ends at the point.</param>
/// <param name="Moment">When it happens in the server's life.</param>
/// <param name="DelayMs">How long after that it is armed, or the signal sent.</param>
/// <param name="Seed">Decides what a cut of the power leaves.</param>
internal sealed record PlannedKill(
    CrashPoint Point,
    int Passing,
    Ending Ending,
    LifeMoment Moment,
    int DelayMs,
    long Seed
)
{
    /// <summary>How it is counted and printed.</summary>
    public string Name => $"{(Point == CrashPoint.None ? "signal" : Point)}/{Moment}/{Ending}";
}
