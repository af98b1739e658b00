using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace WebhookDelivery.Benchmarks;

/// <summary>One keep-alive connection of a paced arm; one exchange at a time.</summary>
internal sealed class PacedConnection : IDisposable
{
    private readonly Socket _socket = new(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
    private readonly byte[] _buffer = new byte[4096];

    public PacedConnection(IPEndPoint target) => _socket.Connect(target);

    /// <summary>Sends the request before it returns; completes with the answer.</summary>
    public async Task<PacedSample> ExchangeAsync(byte[] request, long due)
    {
        _socket.Send(request);
        var length = 0;
        while (true)
        {
            var read = await _socket.ReceiveAsync(_buffer.AsMemory(length));
            var now = Stopwatch.GetTimestamp();
            if (read == 0)
            {
                throw new IOException("The server closed a connection, or its answer is too long.");
            }

            length += read;
            if (LoadResponse.TryReadStatus(_buffer.AsSpan(0, length), out var status))
            {
                return new PacedSample(due, now, status, EventId(_buffer.AsSpan(0, length)));
            }
        }
    }

    public void Dispose() => _socket.Dispose();

    private static string? EventId(ReadOnlySpan<byte> answer)
    {
        var id = EventIdText.Find(answer);
        return id.IsEmpty ? null : Encoding.ASCII.GetString(id);
    }
}
