namespace WebhookDelivery.Api;

/// <summary>The answer to a test of an endpoint.</summary>
/// <param name="EventId">The event of type webhook.test that goes to it.</param>
internal sealed record TestEventBody(string EventId);
