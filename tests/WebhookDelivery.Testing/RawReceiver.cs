using System.Collections.Concurrent;
using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Cryptography.X509Certificates;
using System.Text;

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
        IPAddress? address
    )
    {
        address ??= IPAddress.Loopback;
        _script = script;
        _certificate = certificate;
        _listener = new Socket(address.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
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
    public static RawReceiver Start(
        Func<RawConnection, Task> script,
        X509Certificate2? certificate = null,
        IPAddress? address = null
    ) => new(script, certificate, address);

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

/// <summary>One connection to a <see cref="RawReceiver"/>.</summary>
public sealed class RawConnection : IDisposable
{
    private readonly Socket _socket;
    private readonly Action _requestRead;
    private readonly List<byte> _unread = [];
    private Stream _stream;

    internal RawConnection(Socket socket, Action requestRead, CancellationToken stopping)
    {
        socket.NoDelay = true;
        _socket = socket;
        _requestRead = requestRead;
        _stream = new NetworkStream(socket, ownsSocket: true);
        Stopping = stopping;
    }

    /// <summary>Cancelled when the receiver is disposed.</summary>
    public CancellationToken Stopping { get; }

    /// <summary>Bytes sent so far.</summary>
    public long BytesSent { get; private set; }

    /// <summary>Reads one request with Content-Length: its head as text, its body as bytes.</summary>
    /// <exception cref="IOException">The sender hung up first.</exception>
    public async Task<(string Head, byte[] Body)> ReadRequestAsync()
    {
        int headEnd;
        while ((headEnd = Text().IndexOf("\r\n\r\n", StringComparison.Ordinal)) < 0)
        {
            await ReadMoreAsync();
        }

        var head = Text()[..headEnd];
        var length = ContentLength(head);
        while (_unread.Count < headEnd + 4 + length)
        {
            await ReadMoreAsync();
        }

        var body = _unread.GetRange(headEnd + 4, length).ToArray();
        _unread.RemoveRange(0, headEnd + 4 + length);
        _requestRead();
        return (head, body);
    }

    /// <summary>Sends text as Latin-1.</summary>
    public Task SendAsync(string text) => SendAsync(Encoding.Latin1.GetBytes(text));

    /// <summary>Sends bytes.</summary>
    public async Task SendAsync(ReadOnlyMemory<byte> bytes)
    {
        await _stream.WriteAsync(bytes, Stopping);
        await _stream.FlushAsync(Stopping);
        BytesSent += bytes.Length;
    }

    /// <summary>Sends the same bytes until the sender hangs up.</summary>
    public async Task SendForeverAsync(ReadOnlyMemory<byte> bytes)
    {
        while (true)
        {
            await SendAsync(bytes);
        }
    }

    /// <summary>Reads what comes next, whatever it is.</summary>
    public async Task ReadSomeAsync() =>
        _ = await _stream.ReadAtLeastAsync(new byte[16], 1, cancellationToken: Stopping);

    /// <summary>Waits until the sender hangs up, reading whatever it still sends.</summary>
    public async Task WaitForHangUpAsync()
    {
        var buffer = new byte[4096];
        while (await _stream.ReadAsync(buffer, Stopping) > 0) { }
    }

    /// <summary>Ends the connection with a RST.</summary>
    public void Reset()
    {
        _socket.LingerState = new LingerOption(enable: true, seconds: 0);
        _socket.Dispose();
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _stream.Dispose();
        _socket.Dispose();
    }

    internal async Task StartTlsAsync(X509Certificate2 certificate)
    {
        var tls = new SslStream(_stream);
        _stream = tls;
        await tls.AuthenticateAsServerAsync(
            new SslServerAuthenticationOptions
            {
                // Offline: the certificate goes alone, and no issuer is looked for.
                ServerCertificateContext = SslStreamCertificateContext.Create(
                    certificate,
                    additionalCertificates: null,
                    offline: true
                ),
            },
            Stopping
        );
    }

    private static int ContentLength(string head)
    {
        foreach (var line in head.Split("\r\n"))
        {
            if (line.StartsWith("Content-Length:", StringComparison.OrdinalIgnoreCase))
            {
                return int.Parse(line.AsSpan("Content-Length:".Length).Trim());
            }
        }

        return 0;
    }

    private string Text() => Encoding.Latin1.GetString([.. _unread]);

    private async Task ReadMoreAsync()
    {
        var buffer = new byte[16 * 1024];
        var count = await _stream.ReadAsync(buffer, Stopping);
        if (count == 0)
        {
            throw new IOException("The sender hung up.");
        }

        _unread.AddRange(buffer.AsSpan(0, count));
    }
}
