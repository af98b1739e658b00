using System.Net.Security;
using System.Net.Sockets;
using System.Security.Cryptography.X509Certificates;
using System.Text;

namespace WebhookDelivery.Testing;

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

    /// <summary>Whether bytes have come that no script has read yet.</summary>
    public bool HasUnread => _unread.Count > 0 || _socket.Available > 0;

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

    /// <summary>Sends text a character at a time, with a pause after each.</summary>
    public async Task TrickleAsync(string text, TimeSpan pause)
    {
        foreach (var character in text)
        {
            await SendAsync(character.ToString());
            await Task.Delay(pause, Stopping);
        }
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

    /// <summary>Reads a byte at a time, with a pause after each, until the sender hangs up.</summary>
    public async Task SipAsync(TimeSpan pause)
    {
        while (await _stream.ReadAsync(new byte[1], Stopping) > 0)
        {
            await Task.Delay(pause, Stopping);
        }
    }

    /// <summary>Does nothing at all until the receiver is disposed.</summary>
    public Task IgnoreAsync() => Task.Delay(Timeout.Infinite, Stopping);

    /// <summary>Waits until the sender hangs up, reading whatever it still sends.</summary>
    public async Task WaitForHangUpAsync()
    {
        var buffer = new byte[4096];
        while (await _stream.ReadAsync(buffer, Stopping) > 0) { }
    }

    /// <summary>Says that nothing more will be sent, and goes on reading.</summary>
    public void HalfClose() => _socket.Shutdown(SocketShutdown.Send);

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

    /// <summary>Speaks TLS from here on, under this certificate alone: no issuer is sent along.</summary>
    public Task<SslStream> StartTlsAsync(X509Certificate2 certificate) =>
        StartTlsAsync(
            new SslServerAuthenticationOptions
            {
                ServerCertificateContext = SslStreamCertificateContext.Create(
                    certificate,
                    additionalCertificates: null,
                    offline: true
                ),
            }
        );

    /// <summary>Speaks TLS from here on.</summary>
    /// <exception cref="System.Security.Authentication.AuthenticationException">The handshake fails.</exception>
    public async Task<SslStream> StartTlsAsync(SslServerAuthenticationOptions options)
    {
        var tls = new SslStream(_stream);
        _stream = tls;
        await tls.AuthenticateAsServerAsync(options, Stopping);
        return tls;
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
