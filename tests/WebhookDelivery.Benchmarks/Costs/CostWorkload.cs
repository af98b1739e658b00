namespace WebhookDelivery.Benchmarks;

/// <summary>Events to post, each to one endpoint and without an idempotency key.</summary>
/// <param name="Host">What runs the product.</param>
/// <param name="PayloadBytes">The size of each payload.</param>
/// <param name="Failures">How often the receiver refuses each event before it takes it.</param>
/// <param name="Events">How many events.</param>
/// <param name="Connections">How many requests are under way at once.</param>
internal sealed record CostWorkload(
    CostHost Host,
    int PayloadBytes,
    int Failures,
    int Events,
    int Connections
)
{
    /// <summary>What is under way at once when a server is under load.</summary>
    public const int Busy = 64;

    /// <summary>True to post an event only when nothing of the one before is left to do.</summary>
    public bool OneByOne { get; init; }

    /// <summary>A row of the table.</summary>
    public static CostWorkload Of(CostHost host, int payloadBytes, int failures, int events) =>
        new(host, payloadBytes, failures, events, host == CostHost.Server ? Busy : 1);

    /// <summary>The payload's size, for people.</summary>
    public string Size => PayloadBytes < 1024 ? $"{PayloadBytes} B" : $"{PayloadBytes / 1024} KB";

    /// <summary>What the receiver does, for people.</summary>
    public string Outcome => Failures == 0 ? "first attempt" : $"{Failures} failures";

    public override string ToString() => $"{Host}, {Size}, {Outcome}";
}
