namespace WebhookDelivery.Benchmarks;

/// <summary>What the peer says of a queue that it has filled.</summary>
/// <param name="Waiting">Jobs in it.</param>
internal sealed record PeerFill(int Waiting);
