using System.Net;

namespace WebhookDelivery.Http;

/// <summary>Port: finds the addresses of a host name. Thread-safe.</summary>
public interface IHostResolver
{
    /// <summary>
    /// The host's addresses in order of preference; empty if it does not resolve now, which may be
    /// said of a host that was slow a moment ago. Must not block the caller. Changes nothing.
    /// </summary>
    /// <param name="host">A DNS name in ASCII (punycode) form.</param>
    /// <param name="cancellationToken">Gives the wait up, at once.</param>
    ValueTask<IReadOnlyList<IPAddress>> ResolveAsync(
        string host,
        CancellationToken cancellationToken
    );
}
