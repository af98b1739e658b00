using WebhookDelivery.Signatures;

namespace WebhookDelivery.Core;

/// <summary>
/// An endpoint with its secrets and header values in clear, in memory only; what an attempt needs.
/// Immutable and shared between attempts.
/// </summary>
public sealed class OpenedEndpoint
{
    private readonly LiveSecret[] _secrets;
    private SecretTexts? _secretTexts;

    /// <summary>The last answer of <see cref="SecretsAt"/>, so that it is made anew only when one expires.</summary>
    private volatile Signing _signing = new(DateTimeOffset.MaxValue, DateTimeOffset.MinValue, []);

    internal OpenedEndpoint(
        Endpoint endpoint,
        LiveSecret[] secrets,
        IReadOnlyList<KeyValuePair<string, string>> headers
    )
    {
        Endpoint = endpoint;
        Headers = headers;
        Url = new Uri(endpoint.Url, UriKind.Absolute);
        _secrets = secrets;
    }

    /// <summary>The endpoint as it is stored.</summary>
    public Endpoint Endpoint { get; }

    /// <summary>Its URL, parsed once.</summary>
    public Uri Url { get; }

    /// <summary>Its custom headers.</summary>
    public IReadOnlyList<KeyValuePair<string, string>> Headers { get; }

    /// <summary>The current secret.</summary>
    public SigningSecret CurrentSecret => _secrets[0].Secret;

    /// <summary>Every secret that is kept, the current one first; some may have expired, and must not sign.</summary>
    public IReadOnlyList<LiveSecret> KeptSecrets => _secrets;

    /// <summary>What must not be recorded of a response; made when the first one is looked at.</summary>
    internal SecretTexts SecretTexts =>
        _secretTexts ??= SecretTexts.Of(_secrets.Select(each => each.Secret), Headers, Url);

    /// <summary>The secrets that sign at this time, the current one first; at least one.</summary>
    public SigningSecret[] SecretsAt(DateTimeOffset now)
    {
        var signing = _signing;
        if (now < signing.From || now >= signing.Until)
        {
            _signing = signing = SigningAt(now);
        }

        return signing.Secrets;
    }

    /// <summary>Names the endpoint only; what it keeps secret never shows.</summary>
    public override string ToString() => $"{nameof(OpenedEndpoint)} {Endpoint.Key.EndpointId}";

    private Signing SigningAt(DateTimeOffset now)
    {
        // What has expired bounds the answer from below: a clock may be set back.
        var (from, until) = (DateTimeOffset.MinValue, DateTimeOffset.MaxValue);
        var live = new List<SigningSecret>(_secrets.Length);
        foreach (var each in _secrets.Where(each => !each.Retired))
        {
            if (each.SignsAt(now))
            {
                until = each.ExpiresAt < until ? each.ExpiresAt.Value : until;
                live.Add(each.Secret);
            }
            else
            {
                from = each.ExpiresAt > from ? each.ExpiresAt.Value : from;
            }
        }

        return new Signing(from, until, [.. live]);
    }

    /// <summary>Which secrets sign from one moment, inclusive, to another, exclusive.</summary>
    private sealed record Signing(
        DateTimeOffset From,
        DateTimeOffset Until,
        SigningSecret[] Secrets
    );
}
