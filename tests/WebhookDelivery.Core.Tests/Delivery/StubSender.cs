namespace WebhookDelivery.Core.Tests;

/// <summary>A sender of which the dispatcher may ask one thing: until when a breaker is open.</summary>
internal sealed class StubSender : IWebhookSender
{
    public Dictionary<EndpointKey, DateTimeOffset> OpenUntil { get; } = [];

    public DateTimeOffset? PostponedUntil(EndpointKey endpoint, DateTimeOffset now) =>
        OpenUntil.TryGetValue(endpoint, out var until) && until > now ? until : null;

    public ValueTask<SendResult> SendAsync(
        WebhookRequest request,
        CancellationToken cancellationToken
    ) => throw new NotSupportedException("The dispatcher sends nothing.");
}
