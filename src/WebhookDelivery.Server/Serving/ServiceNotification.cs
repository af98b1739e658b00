using System.Net.Sockets;
using System.Text;

namespace WebhookDelivery.Server;

/// <summary>
/// Tells a service manager that asked for it how far the server is: a datagram to the socket that the
/// environment's NOTIFY_SOCKET names (https://www.freedesktop.org/software/systemd/man/sd_notify.html).
/// </summary>
internal static class ServiceNotification
{
    private const string Variable = "NOTIFY_SOCKET";

    /// <summary>It listens, and may be sent requests.</summary>
    public static void Ready() => Send("READY=1");

    /// <summary>It was told to stop, and ends what is under way.</summary>
    public static void Stopping() => Send("STOPPING=1");

    private static void Send(string state)
    {
        if (Environment.GetEnvironmentVariable(Variable) is not { Length: > 1 } path)
        {
            return;
        }

        try
        {
            // A first `@` stands for the zero byte of Linux's abstract names.
            var address = path[0] == '@' ? $"\0{path[1..]}" : path;
            using var socket = new Socket(
                AddressFamily.Unix,
                SocketType.Dgram,
                ProtocolType.Unspecified
            );
            socket.SendTo(Encoding.UTF8.GetBytes(state), new UnixDomainSocketEndPoint(address));
        }
        catch (SocketException exception)
        {
            // The manager then waits in vain and says so itself; the server is no worse for it.
            Console.Error.WriteLine($"{Variable} cannot be told {state}: {exception.Message}");
        }
    }
}
