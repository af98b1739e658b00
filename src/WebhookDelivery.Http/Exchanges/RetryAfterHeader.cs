using System.Globalization;

namespace WebhookDelivery.Http;

/// <summary>
/// Reads Retry-After (RFC 9110, section 10.2.3): whole seconds, or an HTTP-date. Pure.
/// https://www.rfc-editor.org/rfc/rfc9110#field.retry-after
/// </summary>
internal static class RetryAfterHeader
{
    /// <summary>
    /// What longer waits are cut to, so that adding one to a clock cannot overflow. The retry policy
    /// has its own, much lower limit.
    /// </summary>
    public static readonly TimeSpan WaitMax = TimeSpan.FromDays(365);

    /// <summary>RFC 9110's three forms of a date, the preferred one first.</summary>
    private static readonly string[] DateFormats =
    [
        "ddd, dd MMM yyyy HH:mm:ss 'GMT'",
        "dddd, dd-MMM-yy HH:mm:ss 'GMT'",
        "ddd MMM d HH:mm:ss yyyy",
    ];

    /// <summary>The first Retry-After of the response; null if there is none that can be read.</summary>
    public static TimeSpan? Read(HttpResponseMessage response, DateTimeOffset now)
    {
        if (!response.Headers.NonValidated.TryGetValues("Retry-After", out var values))
        {
            return null;
        }

        foreach (var value in values)
        {
            return Parse(value, now);
        }

        return null;
    }

    /// <summary>
    /// The wait from <paramref name="now"/>, from zero (a date in the past) to <see cref="WaitMax"/>;
    /// null if malformed.
    /// </summary>
    public static TimeSpan? Parse(string value, DateTimeOffset now)
    {
        var text = value.AsSpan().Trim();
        if (text.Length > 0 && !text.ContainsAnyExceptInRange('0', '9'))
        {
            // Ten digits and more are beyond 31 years already.
            return
                text.Length <= 9 && int.Parse(text) is var seconds && seconds < WaitMax.TotalSeconds
                ? TimeSpan.FromSeconds(seconds)
                : WaitMax;
        }

        if (
            !DateTimeOffset.TryParseExact(
                text,
                DateFormats,
                CultureInfo.InvariantCulture,
                DateTimeStyles.AssumeUniversal | DateTimeStyles.AllowInnerWhite,
                out var date
            )
        )
        {
            return null;
        }

        var wait = date - now;
        return wait < TimeSpan.Zero ? TimeSpan.Zero
            : wait > WaitMax ? WaitMax
            : wait;
    }
}
