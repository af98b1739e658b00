using System.Diagnostics;
using System.Net;
using System.Net.Sockets;

namespace WebhookDelivery.Benchmarks;

/// <summary>The peer's Redis on a directory, as one runs it where jobs must survive a restart.</summary>
internal sealed class RedisProcess : IAsyncDisposable
{
    private static readonly TimeSpan StartMax = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan StopMax = TimeSpan.FromSeconds(30);

    private readonly Process _process;

    private RedisProcess(Process process, int port, string socket)
    {
        _process = process;
        Port = port;
        Socket = socket;
    }

    public int Port { get; }

    /// <summary>The path of its Unix socket.</summary>
    public string Socket { get; }

    public int Pid => _process.Id;

    /// <summary>Returns once it has loaded what is in the directory.</summary>
    /// <param name="settings">Where its log goes.</param>
    /// <param name="data">The directory.</param>
    /// <param name="environment">Variables for its process.</param>
    /// <param name="cancellationToken">Breaks off.</param>
    public static async Task<RedisProcess> StartAsync(
        RunSettings settings,
        DataFolder data,
        IEnumerable<KeyValuePair<string, string>> environment,
        CancellationToken cancellationToken
    )
    {
        var port = FreePort.Find();

        // Not in the data directory: the kernel has 107 bytes for the path.
        var socket = Path.Combine(Path.GetTempPath(), $"bench-redis-{port}.sock");
        var start = new ProcessStartInfo("redis-server", Arguments(settings, data, port, socket))
        {
            UseShellExecute = false,
        };
        foreach (var (name, value) in environment)
        {
            start.Environment[name] = value;
        }

        var redis = new RedisProcess(Process.Start(start)!, port, socket);
        try
        {
            await redis.WaitUntilLoadedAsync(cancellationToken);
            return redis;
        }
        catch
        {
            await redis.DisposeAsync();
            throw;
        }
    }

    public async ValueTask DisposeAsync()
    {
        // It then writes its log to the end, as an operator's would.
        Signals.Terminate(_process.Id);
        try
        {
            await _process.WaitForExitAsync(CancellationToken.None).WaitAsync(StopMax);
        }
        catch (TimeoutException)
        {
            _process.Kill();
            await _process.WaitForExitAsync(CancellationToken.None);
        }

        _process.Dispose();

        // One that was killed leaves it.
        File.Delete(Socket);
    }

    private static string[] Arguments(
        RunSettings settings,
        DataFolder data,
        int port,
        string socket
    ) =>
        [
            "--bind",
            "127.0.0.1",
            "--port",
            $"{port}",
            "--unixsocket",
            socket,
            "--unixsocketperm",
            "700",
            "--dir",
            data.Path,
            "--logfile",
            Path.Combine(settings.Scratch, "redis.log"),
            "--appendonly",
            "yes",
            "--appendfsync",
            "everysec",
            // No snapshots beside the log, and no rewriting of it in the middle of a measurement.
            "--save",
            "",
            "--auto-aof-rewrite-percentage",
            "0",
        ];

    private async Task WaitUntilLoadedAsync(CancellationToken cancellationToken)
    {
        for (var waited = Stopwatch.StartNew(); waited.Elapsed < StartMax; )
        {
            if (_process.HasExited)
            {
                break;
            }

            if (await AnswersAsync(cancellationToken))
            {
                return;
            }

            await Task.Delay(20, cancellationToken);
        }

        throw new BrokenRunException("Redis did not become ready; redis.log says why.");
    }

    /// <summary>While it loads, it answers a ping with an error.</summary>
    private async Task<bool> AnswersAsync(CancellationToken cancellationToken)
    {
        try
        {
            using var socket = new System.Net.Sockets.Socket(SocketType.Stream, ProtocolType.Tcp);
            await socket.ConnectAsync(IPAddress.Loopback, Port, cancellationToken);
            await socket.SendAsync("PING\r\n"u8.ToArray(), cancellationToken);
            var answer = new byte[64];
            var read = await socket.ReceiveAsync(answer, cancellationToken);
            return answer.AsSpan(0, read).StartsWith("+PONG"u8);
        }
        catch (SocketException)
        {
            // Not listening yet.
            return false;
        }
    }
}
