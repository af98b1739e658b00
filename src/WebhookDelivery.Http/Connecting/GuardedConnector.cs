using System.Net;
using System.Net.Sockets;

namespace WebhookDelivery.Http;

/// <summary>
/// Makes every connection of the sender: resolves the host, refuses it if any address is not allowed,
/// and connects to an address that was judged, never to the name, so that a second answer of DNS
/// cannot come in between.
/// </summary>
internal sealed class GuardedConnector(
    AddressPolicy policy,
    IHostResolver resolver,
    IDialer dialer,
    TimeProvider timeProvider
)
{
    /// <summary>Most addresses tried; every one is judged.</summary>
    public const int AddressesTriedMax = 8;

    /// <summary>
    /// How long one address may take while there is another to try: a third of the default deadline,
    /// so that one dead address does not use it up.
    /// </summary>
    public static readonly TimeSpan AddressTimeMax = TimeSpan.FromSeconds(5);

    /// <summary>The handler's connect callback.</summary>
    public async ValueTask<Stream> ConnectAsync(
        SocketsHttpConnectionContext context,
        CancellationToken cancellationToken
    )
    {
        var host = context.DnsEndPoint.Host;
        var addresses = IPAddress.TryParse(host, out var literal)
            ? [literal]
            : await resolver.ResolveAsync(host, cancellationToken);
        if (addresses.Count == 0)
        {
            throw new HostUnresolvedException();
        }

        foreach (var address in addresses)
        {
            if (!policy.Allows(address))
            {
                throw new BlockedAddressException();
            }
        }

        return await DialAnyAsync(addresses, context.DnsEndPoint.Port, cancellationToken);
    }

    private async ValueTask<Stream> DialAnyAsync(
        IReadOnlyList<IPAddress> addresses,
        int port,
        CancellationToken cancellationToken
    )
    {
        var last = Math.Min(addresses.Count, AddressesTriedMax) - 1;
        for (var i = 0; i < last; i++)
        {
            if (await TryDialAsync(Target(i), cancellationToken) is { } stream)
            {
                return stream;
            }
        }

        return await DialAsync(Target(last), cancellationToken);

        IPEndPoint Target(int i) => new(AddressPolicy.Unmap(addresses[i]), port);
    }

    /// <summary>
    /// Connects, and reads the far end of the connection. The handler does that next, outside of its own
    /// error handling: read here, it is remembered, or fails, once the receiver has reset the connection,
    /// where that is closed and another address is tried.
    /// </summary>
    private async ValueTask<Stream> DialAsync(
        IPEndPoint target,
        CancellationToken cancellationToken
    )
    {
        var stream = await dialer.DialAsync(target, cancellationToken);
        try
        {
            _ = (stream as NetworkStream)?.Socket.RemoteEndPoint;
            return stream;
        }
        catch
        {
            await stream.DisposeAsync();
            throw;
        }
    }

    /// <summary>Connects within <see cref="AddressTimeMax"/>, or returns null.</summary>
    private async ValueTask<Stream?> TryDialAsync(
        IPEndPoint target,
        CancellationToken cancellationToken
    )
    {
        using var slice = new CancellationTokenSource(AddressTimeMax, timeProvider);
        using var both = CancellationTokenSource.CreateLinkedTokenSource(
            cancellationToken,
            slice.Token
        );
        try
        {
            return await DialAsync(target, both.Token);
        }
        catch (SocketException)
        {
            return null;
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return null;
        }
    }
}
