using System.Net;
using WebhookDelivery.Core;

namespace WebhookDelivery.Http;

/// <summary>
/// Decides which URLs an endpoint may have. The API asks when an endpoint is made or changed; the
/// sender asks before each exchange, and judges the addresses once more whenever it connects.
/// Thread-safe.
/// </summary>
/// <param name="options">Schemes and ports.</param>
/// <param name="addresses">Which addresses are allowed.</param>
/// <param name="resolver">Finds a host's addresses.</param>
/// <param name="timeProvider">The clock of <see cref="ResolveTimeMax"/>.</param>
public sealed class EndpointUrlPolicy(
    HttpSenderOptions options,
    AddressPolicy addresses,
    IHostResolver resolver,
    TimeProvider timeProvider
) : IEndpointUrlPolicy
{
    /// <summary>Most characters, inclusive.</summary>
    public const int LengthMax = 2048;

    /// <summary>How long <see cref="JudgeAsync"/> waits for a host's addresses: 2 s.</summary>
    public static readonly TimeSpan ResolveTimeMax = TimeSpan.FromSeconds(2);

    private const string AddressFault = "The URL's host is not an allowed target.";

    /// <summary>
    /// Judges what the URL itself says: its form, scheme, port, and its host where that is an address
    /// in any spelling. No I/O.
    /// </summary>
    public EndpointUrlVerdict Judge(string url)
    {
        if (TextFault(url) is { } textFault)
        {
            return new EndpointUrlVerdict.Refused(textFault);
        }

        if (!Uri.TryCreate(url, UriKind.Absolute, out var parsed))
        {
            return new EndpointUrlVerdict.Refused("The URL is not a valid absolute URL.");
        }

        return PartsFault(parsed) is { } fault
            ? new EndpointUrlVerdict.Refused(fault)
            : new EndpointUrlVerdict.Accepted(parsed);
    }

    /// <summary>
    /// Judges the URL as <see cref="Judge"/> does, then every address that its host resolves to now. A
    /// host that does not resolve within <see cref="ResolveTimeMax"/> is accepted: DNS may follow the
    /// endpoint, and what counts is judged again at each connect.
    /// </summary>
    public async ValueTask<EndpointUrlVerdict> JudgeAsync(
        string url,
        CancellationToken cancellationToken
    )
    {
        var verdict = Judge(url);
        if (
            verdict is not EndpointUrlVerdict.Accepted { Url: var parsed }
            || IPAddress.TryParse(parsed.IdnHost, out _)
        )
        {
            return verdict;
        }

        foreach (var address in await ResolveAsync(parsed.IdnHost, cancellationToken))
        {
            if (!addresses.Allows(address))
            {
                return new EndpointUrlVerdict.Refused(AddressFault);
            }
        }

        return verdict;
    }

    /// <inheritdoc/>
    public async ValueTask<string?> FindFaultAsync(
        string url,
        CancellationToken cancellationToken
    ) => (await JudgeAsync(url, cancellationToken) as EndpointUrlVerdict.Refused)?.Fault;

    /// <summary>Whether the sender may use a URL that was accepted once, perhaps under other options.</summary>
    internal bool Permits(Uri url) => url.IsAbsoluteUri && PartsFault(url) is null;

    private async ValueTask<IReadOnlyList<IPAddress>> ResolveAsync(
        string host,
        CancellationToken cancellationToken
    )
    {
        using var patience = new CancellationTokenSource(ResolveTimeMax, timeProvider);
        using var both = CancellationTokenSource.CreateLinkedTokenSource(
            cancellationToken,
            patience.Token
        );
        try
        {
            return await resolver.ResolveAsync(host, both.Token);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return [];
        }
    }

    private static string? TextFault(string url)
    {
        if (url.Length > LengthMax)
        {
            return $"The URL is longer than {LengthMax} characters.";
        }

        // Uri drops or rewrites these; what is stored must be what is used.
        if (url.AsSpan().ContainsAnyInRange('\0', ' ') || url.AsSpan().ContainsAny('\\', '\x7f'))
        {
            return "The URL must not contain spaces, control characters or backslashes.";
        }

        if (url.Contains('#', StringComparison.Ordinal))
        {
            return "The URL must not have a fragment.";
        }

        var start = url.IndexOf("://", StringComparison.Ordinal);
        if (start < 0)
        {
            return "The URL is not a valid absolute URL.";
        }

        var authority = url.AsSpan(start + 3);
        var end = authority.IndexOfAny('/', '?');
        return (end < 0 ? authority : authority[..end]).Contains('@')
            ? "The URL must not contain a user name or password."
            : null;
    }

    private string? PartsFault(Uri url)
    {
        if (!SchemeAllowed(url))
        {
            return options.AllowHttp
                ? "The URL must begin with https:// or http://."
                : "The URL must begin with https://.";
        }

        if (url.UserInfo.Length > 0)
        {
            return "The URL must not contain a user name or password.";
        }

        // A percent sign is an IPv6 scope: it names a network interface of ours.
        if (
            url.HostNameType
                is not (UriHostNameType.Dns or UriHostNameType.IPv4 or UriHostNameType.IPv6)
            || url.IdnHost.Contains('%', StringComparison.Ordinal)
        )
        {
            return "The URL's host must be a DNS name or an IP address.";
        }

        if (!HostCharacters.AreRegistrable(url.Host))
        {
            return "The URL's host has characters that a DNS name cannot have, such as full-width "
                + "letters or digits.";
        }

        if (!options.AnyPort && !options.AllowedPorts.Contains(url.Port))
        {
            return $"The URL's port must be one of {string.Join(", ", options.AllowedPorts)}.";
        }

        return IPAddress.TryParse(url.IdnHost, out var address) && !addresses.Allows(address)
            ? AddressFault
            : null;
    }

    private bool SchemeAllowed(Uri url) =>
        url.Scheme == Uri.UriSchemeHttps || (options.AllowHttp && url.Scheme == Uri.UriSchemeHttp);
}
