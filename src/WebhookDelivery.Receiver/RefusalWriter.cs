using System.Globalization;
using Microsoft.AspNetCore.Http;
using Microsoft.Net.Http.Headers;

namespace WebhookDelivery.Receiver;

/// <summary>Writes a refusal as problem details (RFC 9457).</summary>
internal static class RefusalWriter
{
    public static Task WriteAsync(HttpContext context, WebhookRefusal refusal)
    {
        if (refusal.RetryAfter is { } wait)
        {
            context.Response.Headers.RetryAfter = Math.Ceiling(wait.TotalSeconds)
                .ToString(CultureInfo.InvariantCulture);
        }

        if (refusal.StatusCode == StatusCodes.Status401Unauthorized)
        {
            // RFC 9110, 15.5.2: a 401 names a way to authenticate.
            context.Response.Headers.WWWAuthenticate = "Webhook-Signature";
        }

        context.Response.Headers[HeaderNames.CacheControl] = "no-store";
        return TypedResults
            .Problem(
                refusal.Detail,
                statusCode: refusal.StatusCode,
                extensions: [new("code", refusal.Code)]
            )
            .ExecuteAsync(context);
    }
}
