namespace WebhookDelivery.Testing;

/// <summary>What the connections to one hostile receiver share. Thread-safe.</summary>
/// <param name="deadline">The attempts' deadline.</param>
public sealed class HostileStage(TimeSpan deadline)
{
    private int _turns;

    /// <summary>The attempts' deadline.</summary>
    public TimeSpan Deadline => deadline;

    /// <summary>1 at first, then one more each time.</summary>
    public int NextTurn() => Interlocked.Increment(ref _turns);
}
