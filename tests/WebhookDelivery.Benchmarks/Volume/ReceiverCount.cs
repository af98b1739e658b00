namespace WebhookDelivery.Benchmarks;

/// <summary>What one receiver has seen.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Requests">All requests, duplicates included.</param>
/// <param name="Distinct">Distinct values of <c>webhook-id</c>.</param>
/// <param name="Waiting">Requests that it keeps waiting now.</param>
internal sealed record ReceiverCount(string Name, long Requests, long Distinct, long Waiting);
