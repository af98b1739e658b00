using WebhookDelivery.Core;

namespace WebhookDelivery.Http;

/// <summary>An exchange as far as its status line and headers, or its failure.</summary>
/// <param name="Reason">What it comes to.</param>
/// <param name="Response">The response, its body unread; null where none came.</param>
/// <param name="RetryAfter">The wait asked for, where <paramref name="Reason"/> is Throttled.</param>
internal readonly record struct ResponseHead(
    ReasonCode Reason,
    HttpResponseMessage? Response = null,
    TimeSpan? RetryAfter = null
)
{
    /// <summary>
    /// Whether the breaker counts it as a failure: the receiver did not answer, or said that it cannot
    /// cope. A 4xx is about the request, and a blocked address costs a receiver nothing.
    /// </summary>
    public bool IsBreakerFailure =>
        Reason switch
        {
            ReasonCode.Timeout
            or ReasonCode.ConnectFailed
            or ReasonCode.DnsFailed
            or ReasonCode.TlsFailed
            or ReasonCode.BadResponse
            or ReasonCode.Throttled => true,
            _ => Response is { StatusCode: >= System.Net.HttpStatusCode.InternalServerError },
        };

    /// <summary>Reads the status, and Retry-After where it matters.</summary>
    public static ResponseHead Of(HttpResponseMessage response, DateTimeOffset now)
    {
        var status = (int)response.StatusCode;
        switch (status)
        {
            // The handler takes any three digits; no status begins below 100 (RFC 9110, section 15).
            case < 100:
                response.Dispose();
                return new(ReasonCode.BadResponse);
            case >= 200 and <= 299:
                return new(ReasonCode.Delivered, response);
            case 410:
                return new(ReasonCode.EndpointGone, response);
            case 429:
                return new(ReasonCode.Throttled, response, RetryAfterHeader.Read(response, now));
            case 503 when RetryAfterHeader.Read(response, now) is { } wait:
                return new(ReasonCode.Throttled, response, wait);
            default:
                return new(ReasonCode.HttpStatus, response);
        }
    }
}
