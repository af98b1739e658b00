using WebhookDelivery.Core;

namespace WebhookDelivery.Api.Tests;

/// <summary>What the dispatcher is told of breakers where nothing is ever sent: all are closed.</summary>
internal sealed class UnusedSender : IWebhookSender
{
    public ValueTask<SendResult> SendAsync(
        WebhookRequest request,
        CancellationToken cancellationToken
    ) => throw new NotSupportedException("Nothing is sent in these tests.");

    public DateTimeOffset? PostponedUntil(EndpointKey endpoint, DateTimeOffset now) => null;
}
