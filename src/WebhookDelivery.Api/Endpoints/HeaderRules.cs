using System.Buffers;
using FluentValidation;

namespace WebhookDelivery.Api;

/// <summary>
/// Which headers a tenant may have sent with its webhooks: none that frames the message, names its
/// body, or could pass for the platform's own.
/// </summary>
internal static class HeaderRules
{
    public const int HeadersMax = 20;
    public const int NameLengthMax = 100;
    public const int ValueLengthMax = 1000;

    /// <summary>What answers show instead of a value.</summary>
    public const string Redacted = "***";

    /// <summary>The characters of a token, RFC 9110, 5.6.2.</summary>
    private static readonly SearchValues<char> TokenCharacters = SearchValues.Create(
        "!#$%&'*+-.^_`|~0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
    );

    private static readonly HashSet<string> Denied = new(StringComparer.OrdinalIgnoreCase)
    {
        "Host",
        "Connection",
        "Keep-Alive",
        "TE",
        "Trailer",
        "Transfer-Encoding",
        "Upgrade",
        "Expect",
        "Cookie",
        "Set-Cookie",
        "User-Agent",
        "Accept-Encoding",
        "Date",
        "Stripe-Signature",
        "traceparent",
        "tracestate",
    };

    private static readonly string[] DeniedPrefixes = ["Proxy-", "Content-", "webhook-"];

    public static void Check(
        IReadOnlyList<KeyValuePair<string, string>>? headers,
        ValidationContext<EndpointFields> context
    )
    {
        if (headers is null)
        {
            return;
        }

        if (headers.Count > HeadersMax)
        {
            context.AddFailure("headers", $"May have at most {HeadersMax} members.");
            return;
        }

        var names = new HashSet<string>(StringComparer.OrdinalIgnoreCase);
        for (var i = 0; i < headers.Count; i++)
        {
            var (name, value) = headers[i];
            var isToken =
                name.Length is >= 1 and <= NameLengthMax
                && !name.AsSpan().ContainsAnyExcept(TokenCharacters);
            var fault = isToken
                ? FindFault(name, value, isNew: names.Add(name))
                : $"A header's name has 1 to {NameLengthMax} characters, such as letters, digits and hyphens.";
            if (fault is not null)
            {
                // A name that is none is better counted than repeated.
                context.AddFailure(isToken ? $"headers.{name}" : $"headers[{i}]", fault);
            }
        }
    }

    private static string? FindFault(string name, string value, bool isNew) =>
        true switch
        {
            _ when IsDenied(name) => "This header cannot be set.",
            _ when !isNew => "Is given more than once; case makes no difference.",
            _ when value == Redacted => "Is the redacted value; give the value itself.",
            _ when value.Length > ValueLengthMax =>
                $"May have at most {ValueLengthMax} characters.",
            _ when value.AsSpan().ContainsAnyExceptInRange(' ', '~') =>
                "Must be printable ASCII characters.",
            _ => null,
        };

    private static bool IsDenied(string name) =>
        Denied.Contains(name)
        || DeniedPrefixes.Any(prefix =>
            name.StartsWith(prefix, StringComparison.OrdinalIgnoreCase)
        );
}
