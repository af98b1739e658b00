using System.Buffers;
using System.Net;
using System.Net.Sockets;

namespace WebhookDelivery.Benchmarks;

/// <summary>
/// One keep-alive connection on a raw socket: on a shared machine whatever the generator costs is
/// taken from the server that it measures.
/// </summary>
internal sealed class LoadConnection(IPEndPoint target, byte[] request, LoadBudget budget)
{
    private readonly byte[] _buffer = new byte[4096];
    private readonly ArrayBufferWriter<byte> _ids = new();
    private long _accepted;

    /// <summary>201s so far; may be read while the connection runs.</summary>
    public long Accepted => Volatile.Read(ref _accepted);

    /// <summary>The ids of the 201s, one after the other; to be read when the connection has ended.</summary>
    public ReadOnlyMemory<byte> Ids => _ids.WrittenMemory;

    /// <summary>Other answers.</summary>
    public long Refused { get; private set; }

    public async Task RunAsync()
    {
        using var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        await socket.ConnectAsync(target);
        while (budget.TryTake())
        {
            await socket.SendAsync(request.AsMemory());
            if (await ReadStatusAsync(socket) == 201)
            {
                Volatile.Write(ref _accepted, _accepted + 1);
            }
            else
            {
                Refused++;
            }
        }
    }

    private async ValueTask<int> ReadStatusAsync(Socket socket)
    {
        var length = 0;
        while (true)
        {
            var read = await socket.ReceiveAsync(_buffer.AsMemory(length));
            if (read == 0)
            {
                throw new IOException("The server closed a connection, or its answer is too long.");
            }

            length += read;
            if (LoadResponse.TryReadStatus(_buffer.AsSpan(0, length), out var status))
            {
                if (status == 201)
                {
                    _ids.Write(EventIdText.Find(_buffer.AsSpan(0, length)));
                }

                return status;
            }
        }
    }
}
