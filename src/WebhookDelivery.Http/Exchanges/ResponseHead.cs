using System.Net;
using WebhookDelivery.Core;

namespace WebhookDelivery.Http;

/// <summary>An exchange as far as its status line and headers, or its failure.</summary>
/// <param name="Reason">What it comes to.</param>
/// <param name="Response">The response, its body unread; null where none came.</param>
/// <param name="RetryAfter">The wait asked for, where <paramref name="Reason"/> is Throttled.</param>
/// <param name="Directives">What else the receiver asks for.</param>
internal readonly record struct ResponseHead(
    ReasonCode Reason,
    HttpResponseMessage? Response = null,
    TimeSpan? RetryAfter = null,
    ReceiverDirectives Directives = ReceiverDirectives.None
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
            _ => Response
                is { StatusCode: HttpStatusCode.TooManyRequests }
                    or { StatusCode: >= HttpStatusCode.InternalServerError },
        };

    /// <summary>Reads the status, what is asked for, and Retry-After where it matters.</summary>
    public static ResponseHead Of(HttpResponseMessage response, DateTimeOffset now)
    {
        var status = (int)response.StatusCode;
        // The handler takes any three digits; no status begins below 100 (RFC 9110, section 15).
        if (status < 100)
        {
            response.Dispose();
            return new(ReasonCode.BadResponse);
        }

        var directives = DirectiveHeader.Read(response);
        var (reason, wait) = status switch
        {
            >= 200 and <= 299 => (ReasonCode.Delivered, null),
            410 => (ReasonCode.EndpointGone, null),
            _ when directives.HasFlag(ReceiverDirectives.AbortMessage) => (
                ReasonCode.Aborted,
                null
            ),
            429 => (ReasonCode.Throttled, RetryAfterHeader.Read(response, now)),
            503 when RetryAfterHeader.Read(response, now) is { } asked => (
                ReasonCode.Throttled,
                asked
            ),
            _ => (ReasonCode.HttpStatus, default(TimeSpan?)),
        };
        return new(reason, response, wait, directives);
    }
}
