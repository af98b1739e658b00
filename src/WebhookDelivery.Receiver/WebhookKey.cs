namespace WebhookDelivery.Receiver;

/// <summary>What a received webhook is remembered by.</summary>
/// <param name="Receiver">
/// The route pattern it arrived at. One event sent to two endpoints has one id; both shall be
/// processed, even where one application serves both.
/// </param>
/// <param name="WebhookId">The <c>webhook-id</c>, 1–255 visible ASCII characters.</param>
public readonly record struct WebhookKey(string Receiver, string WebhookId);
