using System.Net.Http.Headers;
using System.Text;
using WebhookDelivery.Signatures;

namespace WebhookDelivery.Receiver.Tests;

/// <summary>Requests as the platform sends them.</summary>
internal static class Deliveries
{
    /// <summary>How long a test waits for what must happen before it fails.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    public const string Body = """{"type":"order.paid","n":1.10}""";

    public static SigningSecret Secret(string text) =>
        SigningSecret.TryParse(text, out var secret)
            ? secret
            : throw new ArgumentException("Not a secret.", nameof(text));

    public static HttpRequestMessage Signed(
        string secret,
        DateTimeOffset timestamp,
        string id = "evt_1",
        string body = Body,
        int attempt = 1,
        string path = "/webhooks"
    )
    {
        var bytes = Encoding.UTF8.GetBytes(body);
        var signed = WebhookSigner.Sign([Secret(secret)], id, timestamp, bytes);
        var request = new HttpRequestMessage(HttpMethod.Post, path)
        {
            Content = new ByteArrayContent(bytes)
            {
                Headers = { ContentType = new MediaTypeHeaderValue("application/json") },
            },
        };
        request.Headers.Add("webhook-event-type", "order.paid");
        request.Headers.Add("webhook-attempt", $"{attempt}");
        request.Headers.TryAddWithoutValidation("Stripe-Signature", signed.StripeSignature);
        request.Headers.Add("webhook-id", signed.WebhookId);
        request.Headers.Add("webhook-timestamp", signed.WebhookTimestamp);
        if (signed.WebhookSignature is not null)
        {
            request.Headers.TryAddWithoutValidation("webhook-signature", signed.WebhookSignature);
        }

        return request;
    }

    /// <summary>The same headers over another body.</summary>
    public static HttpRequestMessage WithBody(this HttpRequestMessage request, string body)
    {
        request.Content = new StringContent(body, Encoding.UTF8, "application/json");
        return request;
    }

    public static HttpRequestMessage Without(this HttpRequestMessage request, string header)
    {
        request.Headers.Remove(header);
        return request;
    }

    public static HttpRequestMessage With(
        this HttpRequestMessage request,
        string header,
        string value
    )
    {
        request.Headers.Remove(header);
        request.Headers.TryAddWithoutValidation(header, value);
        return request;
    }
}
