using System.Net;

namespace WebhookDelivery.Http;

/// <summary>Opens TCP connections; a seam, so that tests can see every connection made.</summary>
internal interface IDialer
{
    /// <summary>Connects to exactly this address.</summary>
    /// <exception cref="System.Net.Sockets.SocketException">It cannot be reached.</exception>
    ValueTask<Stream> DialAsync(IPEndPoint target, CancellationToken cancellationToken);
}
