namespace WebhookDelivery.Api;

/// <summary>How each scheme fares.</summary>
/// <param name="Stripe">The header Stripe-Signature.</param>
/// <param name="StandardWebhooks">The headers webhook-id, webhook-timestamp and webhook-signature.</param>
internal sealed record SchemesBody(SchemeBody Stripe, SchemeBody StandardWebhooks);
