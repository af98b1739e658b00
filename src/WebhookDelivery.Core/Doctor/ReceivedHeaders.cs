using WebhookDelivery.Signatures;

namespace WebhookDelivery.Core;

/// <summary>The headers that sign, as received: each with all its values, and the one to go by.</summary>
internal sealed class ReceivedHeaders
{
    /// <summary>The headers that sign, by the names that the platform gives them.</summary>
    public static readonly IReadOnlyList<string> Names =
    [
        StandardWebhooksSignature.IdHeaderName,
        StandardWebhooksSignature.TimestampHeaderName,
        StandardWebhooksSignature.SignatureHeaderName,
        StripeSignature.HeaderName,
    ];

    private readonly Dictionary<string, string[]> _values = new(StringComparer.OrdinalIgnoreCase);

    public ReceivedHeaders(IReadOnlyList<KeyValuePair<string, string>> headers)
    {
        foreach (var name in Names)
        {
            _values[name] =
            [
                .. headers
                    .Where(each => each.Key.Equals(name, StringComparison.OrdinalIgnoreCase))
                    .SelectMany(each => Split(name, each.Value)),
            ];
        }

        Signing = new SignatureHeaders(
            Value(StripeSignature.HeaderName),
            Value(StandardWebhooksSignature.IdHeaderName),
            Value(StandardWebhooksSignature.TimestampHeaderName),
            Value(StandardWebhooksSignature.SignatureHeaderName)
        );
    }

    /// <summary>The first value of each, without white space and quotes around it.</summary>
    public SignatureHeaders Signing { get; }

    /// <summary>The first value without white space and quotes around it; null if absent or empty.</summary>
    public string? Value(string name) =>
        Raw(name)?.Trim().Trim('"', '\'').Trim() is { Length: > 0 } value ? value : null;

    /// <summary>The first value as received; null if absent.</summary>
    public string? Raw(string name) => _values[name] is [var first, ..] ? first : null;

    /// <summary>How often a header came.</summary>
    public int Count(string name) => _values[name].Length;

    /// <summary>
    /// Undoes what many frameworks do to a header that comes twice: they join the values by commas. An id or a
    /// timestamp holds none; a signature's value begins anew with its first item.
    /// </summary>
    private static string[] Split(string name, string value)
    {
        var separator = name switch
        {
            StripeSignature.HeaderName => ",t=",
            StandardWebhooksSignature.SignatureHeaderName => ",v1,",
            _ => ",",
        };
        var lead = separator.Length > 1 ? separator[1..] : "";
        var parts = value.Replace(", ", ",", StringComparison.Ordinal).Split(separator);
        return parts.Length == 1
            ? [value]
            : [.. parts.Select((part, index) => index == 0 ? part : lead + part)];
    }
}
