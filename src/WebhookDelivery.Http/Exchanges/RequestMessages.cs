using System.Collections.Frozen;
using System.Net;
using WebhookDelivery.Core;

namespace WebhookDelivery.Http;

/// <summary>Turns a webhook into an HTTP request: the exact bytes, the sender's headers and the caller's.</summary>
/// <param name="userAgent">The value of User-Agent.</param>
internal sealed class RequestMessages(string userAgent)
{
    /// <summary>
    /// What a caller's header may never set, lest it changes where the request goes (Host also names
    /// the TLS peer) or how it is framed.
    /// </summary>
    private static readonly FrozenSet<string> Reserved = new[]
    {
        "Connection",
        "Content-Encoding",
        "Content-Length",
        "Content-Type",
        "Expect",
        "Host",
        "Keep-Alive",
        "Proxy-Connection",
        "TE",
        "Trailer",
        "Transfer-Encoding",
        "Upgrade",
        "User-Agent",
    }.ToFrozenSet(StringComparer.OrdinalIgnoreCase);

    /// <summary>Makes the message. Reserved headers and those that HTTP cannot carry are left out.</summary>
    public HttpRequestMessage Make(WebhookRequest request)
    {
        var content = new ReadOnlyMemoryContent(request.Payload);
        content.Headers.TryAddWithoutValidation("Content-Type", "application/json");
        var message = new HttpRequestMessage(HttpMethod.Post, request.Url)
        {
            Version = HttpVersion.Version11,
            VersionPolicy = HttpVersionPolicy.RequestVersionExact,
            Content = content,
        };
        message.Headers.TryAddWithoutValidation("User-Agent", userAgent);
        for (var i = 0; i < request.Headers.Count; i++)
        {
            var (name, value) = request.Headers[i];
            if (Reserved.Contains(name) || value.AsSpan().ContainsAny('\r', '\n', '\0'))
            {
                continue;
            }

            // A few names (Allow, Expires, Last-Modified) are the content's in .NET's eyes.
            if (!message.Headers.TryAddWithoutValidation(name, value))
            {
                content.Headers.TryAddWithoutValidation(name, value);
            }
        }

        return message;
    }
}
