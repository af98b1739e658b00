namespace WebhookDelivery.Benchmarks;

/// <summary>How the loop ended.</summary>
/// <param name="Sent">Requests made.</param>
/// <param name="Refused">Those not answered 2xx.</param>
internal sealed record LoopReport(int Sent, int Refused);
