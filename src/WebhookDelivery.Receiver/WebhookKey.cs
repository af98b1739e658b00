namespace WebhookDelivery.Receiver;

/// <summary>What a received webhook is remembered by.</summary>
/// <param name="Receiver">
/// The path it arrived at, its path base included, such as <c>/hooks/acme</c> under the pattern
/// <c>/hooks/{customer}</c>. One event sent to two endpoints has one id; both shall be processed,
/// even where one application, or one route, serves both. Two spellings that routing takes for one
/// are one: the path base is in lower case, the text of the pattern as the pattern has it, and the
/// values of its parameters exactly as they came. Host and query are no part of it.
/// </param>
/// <param name="WebhookId">The <c>webhook-id</c>, 1–255 visible ASCII characters.</param>
public readonly record struct WebhookKey(string Receiver, string WebhookId);
