using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography.X509Certificates;

namespace WebhookDelivery.Testing;

/// <summary>
/// A receiver on a raw loopback socket that does whatever its script says, however wrong: what a web
/// server would refuse to send. Each connection runs the script once, then closes.
/// </summary>
public sealed class RawReceiver : IAsyncDisposable
{
    private readonly Socket _listener;
    private readonly Func<RawConnection, Task> _script;
    private readonly X509Certificate2? _certificate;
    private readonly CancellationTokenSource _stopping = new();
    private readonly ConcurrentBag<RawConnection> _connections = [];
    private readonly ConcurrentBag<Task> _running = [];
    private readonly Task _accepting;
    private int _connectionCount;
    private int _requestCount;

    private RawReceiver(
        Func<RawConnection, Task> script,
        X509Certificate2? certificate,
        IPAddress? address,
        int? receiveBufferBytes
    )
    {
        address ??= IPAddress.Loopback;
        _script = script;
        _certificate = certificate;
        _listener = new Socket(address.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
        if (receiveBufferBytes is { } bytes)
        {
            _listener.ReceiveBufferSize = bytes;
        }

        _listener.Bind(new IPEndPoint(address, 0));
        _listener.Listen(512);
        _accepting = AcceptAsync();
    }

    /// <summary>The port it listens on.</summary>
    public int Port => ((IPEndPoint)_listener.LocalEndPoint!).Port;

    /// <summary>Where it listens.</summary>
    public Uri Url => new($"{(_certificate is null ? "http" : "https")}://127.0.0.1:{Port}/hook");

    /// <summary>How many connections were made to it.</summary>
    public int ConnectionCount => Volatile.Read(ref _connectionCount);

    /// <summary>How many whole requests its scripts have read.</summary>
    public int RequestCount => Volatile.Read(ref _requestCount);

    /// <summary>Starts a receiver that runs the script on each connection.</summary>
    /// <param name="script">What to do with a connection.</param>
    /// <param name="certificate">Speaks TLS under this certificate if given.</param>
    /// <param name="address">Where to listen; 127.0.0.1 by default.</param>
    /// <param name="receiveBufferBytes">
    /// What the kernel takes of a request that the script does not read; the system's default of
    /// megabytes if not given.
    /// </param>
    public static RawReceiver Start(
        Func<RawConnection, Task> script,
        X509Certificate2? certificate = null,
        IPAddress? address = null,
        int? receiveBufferBytes = null
    ) => new(script, certificate, address, receiveBufferBytes);

    /// <summary>Starts a receiver that reads one request per connection, sends this text, and closes.</summary>
    public static RawReceiver Answering(string response) =>
        Start(async connection =>
        {
            await connection.ReadRequestAsync();
            await connection.SendAsync(response);
        });

    /// <summary>A port of 127.0.0.1 on which nothing listens.</summary>
    public static int UnusedPort()
    {
        using var socket = new Socket(
            AddressFamily.InterNetwork,
            SocketType.Stream,
            ProtocolType.Tcp
        );
        socket.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        return ((IPEndPoint)socket.LocalEndPoint!).Port;
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await _stopping.CancelAsync();
        _listener.Dispose();
        await _accepting;
        foreach (var connection in _connections)
        {
            connection.Dispose();
        }

        await Task.WhenAll(_running);
        _stopping.Dispose();
    }

    private async Task AcceptAsync()
    {
        try
        {
            while (true)
            {
                var socket = await _listener.AcceptAsync(_stopping.Token);
                Interlocked.Increment(ref _connectionCount);
                _running.Add(RunAsync(socket));
            }
        }
        catch (Exception fault)
            when (fault is OperationCanceledException or SocketException or ObjectDisposedException)
        { }
    }

    private async Task RunAsync(Socket socket)
    {
        await Task.Yield();
        using var connection = new RawConnection(
            socket,
            () => Interlocked.Increment(ref _requestCount),
            _stopping.Token
        );
        _connections.Add(connection);
        try
        {
            if (_certificate is not null)
            {
                await connection.StartTlsAsync(_certificate);
            }

            await _script(connection);
        }
        // The sender may hang up on a script at any point; that is what is being tested.
        catch (Exception fault)
            when (fault
                    is IOException
                        or SocketException
                        or ObjectDisposedException
                        or OperationCanceledException
                        or System.Security.Authentication.AuthenticationException
            ) { }
    }
}
