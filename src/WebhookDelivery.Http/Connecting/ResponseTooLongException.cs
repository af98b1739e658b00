namespace WebhookDelivery.Http;

/// <summary>More arrived for one exchange than any response within limits needs.</summary>
internal sealed class ResponseTooLongException() : IOException("The response exceeds its limits.");
