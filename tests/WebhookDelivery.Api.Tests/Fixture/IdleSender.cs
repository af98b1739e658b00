using WebhookDelivery.Core;

namespace WebhookDelivery.Api.Tests;

/// <summary>A sender for a server that delivers nothing: no worker runs beside this API.</summary>
internal sealed class IdleSender : IWebhookSender
{
    public ValueTask<SendResult> SendAsync(
        WebhookRequest request,
        CancellationToken cancellationToken
    ) => throw new InvalidOperationException("Nothing is delivered here.");

    public DateTimeOffset? PostponedUntil(EndpointKey endpoint, DateTimeOffset now) => null;
}
