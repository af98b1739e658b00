using System.Net;
using System.Net.Sockets;

namespace WebhookDelivery.Http;

/// <summary>Asks the operating system's resolver. No cache of its own.</summary>
public sealed class SystemHostResolver : IHostResolver
{
    /// <inheritdoc/>
    public async ValueTask<IReadOnlyList<IPAddress>> ResolveAsync(
        string host,
        CancellationToken cancellationToken
    )
    {
        try
        {
            return await Dns.GetHostAddressesAsync(host, cancellationToken);
        }
        // ArgumentException: a name longer than DNS allows; it cannot resolve.
        catch (Exception fault) when (fault is SocketException or ArgumentException)
        {
            return [];
        }
    }
}
