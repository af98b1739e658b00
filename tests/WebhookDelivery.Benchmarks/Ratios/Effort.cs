namespace WebhookDelivery.Benchmarks;

/// <summary>What measuring a ratio takes, so far as its settings say.</summary>
/// <param name="Seconds">What goes by the clock.</param>
/// <param name="Events">Events that are posted, queued or delivered as fast as the machine can.</param>
/// <param name="Starts">Servers and senders that are started and stopped.</param>
internal readonly record struct Effort(double Seconds, long Events, int Starts)
{
    /// <summary>Assumed of the machine, low enough for the peer's part.</summary>
    private const double EventsPerSecond = 15_000;

    /// <summary>Assumed too, with the copy of a data directory.</summary>
    private const double SecondsPerStart = 2;

    /// <summary>What is assumed, in words.</summary>
    public static string Assumption =>
        $"with {EventsPerSecond:0} events a second and {SecondsPerStart:0} s for each start";

    public double Minutes => (Seconds + Events / EventsPerSecond + Starts * SecondsPerStart) / 60;
}
