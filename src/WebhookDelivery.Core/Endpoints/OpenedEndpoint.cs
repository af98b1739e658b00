using WebhookDelivery.Signatures;

namespace WebhookDelivery.Core;

/// <summary>
/// An endpoint with its secrets and header values in clear, in memory only; what an attempt needs.
/// Immutable and shared between attempts.
/// </summary>
public sealed class OpenedEndpoint
{
    private readonly LiveSecret[] _secrets;
    private readonly SigningSecret[] _all;
    private SecretTexts? _secretTexts;

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
        _all = [.. secrets.Select(secret => secret.Secret)];
    }

    /// <summary>The endpoint as it is stored.</summary>
    public Endpoint Endpoint { get; }

    /// <summary>Its URL, parsed once.</summary>
    public Uri Url { get; }

    /// <summary>Its custom headers.</summary>
    public IReadOnlyList<KeyValuePair<string, string>> Headers { get; }

    /// <summary>The current secret.</summary>
    public SigningSecret CurrentSecret => _all[0];

    /// <summary>What must not be recorded of a response; made when the first one is looked at.</summary>
    internal SecretTexts SecretTexts => _secretTexts ??= SecretTexts.Of(_all, Headers, Url);

    /// <summary>The secrets that sign at this time, the current one first; at least one.</summary>
    public SigningSecret[] SecretsAt(DateTimeOffset now)
    {
        var live = 0;
        foreach (var secret in _secrets)
        {
            live += secret.ExpiresAt is { } end && end <= now ? 0 : 1;
        }

        return live == _all.Length
            ? _all
            :
            [
                .. _secrets
                    .Where(secret => !(secret.ExpiresAt is { } end && end <= now))
                    .Select(secret => secret.Secret),
            ];
    }

    /// <summary>Names the endpoint only; what it keeps secret never shows.</summary>
    public override string ToString() => $"{nameof(OpenedEndpoint)} {Endpoint.Key.EndpointId}";
}
