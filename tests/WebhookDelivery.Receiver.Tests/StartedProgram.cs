using System.Diagnostics;
using System.Threading.Channels;

namespace WebhookDelivery.Receiver.Tests;

/// <summary>A program that receives webhooks, in a process of its own, on a free loopback port.</summary>
internal sealed class StartedProgram : IAsyncDisposable
{
    private readonly Process _process;
    private readonly Channel<string> _lines = Channel.CreateUnbounded<string>();

    private StartedProgram(Process process)
    {
        _process = process;
        process.OutputDataReceived += (_, data) => Take(data.Data);
        process.ErrorDataReceived += (_, data) => Take(data.Data);
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
    }

    public HttpClient Client { get; private set; } = null!;

    public static async Task<StartedProgram> StartAsync(
        string secret,
        string file,
        params string[] arguments
    )
    {
        var start = new ProcessStartInfo(file, arguments)
        {
            UseShellExecute = false,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            Environment = { ["PORT"] = "0", ["WEBHOOK_SECRET"] = secret },
        };
        var program = new StartedProgram(Process.Start(start)!);
        var listening = await program.ReadLineAsync("http://127.0.0.1:");
        var address = listening[listening.IndexOf("http:", StringComparison.Ordinal)..];
        program.Client = new HttpClient(NeverPooling()) { BaseAddress = new Uri(address) };
        return program;
    }

    /// <summary>Waits for the next line that contains a text; every other line before is dropped.</summary>
    public async Task<string> ReadLineAsync(string text)
    {
        var seen = new List<string>();
        using var patience = new CancellationTokenSource(Deliveries.Patience);
        try
        {
            while (true)
            {
                var line = await _lines.Reader.ReadAsync(patience.Token);
                if (line.Contains(text, StringComparison.Ordinal))
                {
                    return line;
                }

                seen.Add(line);
            }
        }
        catch (OperationCanceledException exception)
        {
            throw new TimeoutException(
                $"No line with '{text}' in: {string.Join('\n', seen)}",
                exception
            );
        }
    }

    public async ValueTask DisposeAsync()
    {
        Client?.Dispose();
        _process.Kill(entireProcessTree: true);
        await _process.WaitForExitAsync();
        _process.Dispose();
    }

    // Python's server answers in HTTP/1.0 and hangs up. This client would take the connection for
    // reusable, whatever its own request says, and lose the next request on it.
    private static SocketsHttpHandler NeverPooling() =>
        new() { PooledConnectionLifetime = TimeSpan.Zero };

    private void Take(string? line)
    {
        if (line is not null)
        {
            _lines.Writer.TryWrite(line);
        }
    }
}
