namespace WebhookDelivery.Benchmarks;

/// <summary>What the peer says of its jobs at its end.</summary>
/// <param name="Open">Jobs that wait, are under way or are to be retried.</param>
/// <param name="Dead">Jobs whose attempts are used up.</param>
/// <param name="FailedAttempts">Attempts that were not answered 2xx.</param>
internal sealed record PeerReport(int Open, int Dead, int FailedAttempts);
