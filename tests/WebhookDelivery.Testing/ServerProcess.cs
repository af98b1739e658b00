using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Runtime.InteropServices;

namespace WebhookDelivery.Testing;

/// <summary>A program of the repository in a process of its own, with all that it printed. Thread-safe.</summary>
public sealed class ServerProcess : IAsyncDisposable
{
    /// <summary>Ends the program as Ctrl-C does.</summary>
    public const int Interrupt = 2;

    /// <summary>Ends the program as a service manager does.</summary>
    public const int Terminate = 15;

    private readonly Process _process;
    private readonly Lock _gate = new();
    private readonly List<string> _output = [];
    private readonly List<string> _errors = [];
    private readonly Task _read;

    private ServerProcess(Process process)
    {
        _process = process;
        _read = Task.WhenAll(
            ReadAsync(process.StandardOutput, _output),
            ReadAsync(process.StandardError, _errors)
        );
    }

    /// <summary>The process id.</summary>
    public int Id => _process.Id;

    /// <summary>Whether it has ended.</summary>
    public bool HasExited => _process.HasExited;

    /// <summary>What it printed to its standard output so far.</summary>
    public string Output => Join(_output);

    /// <summary>What it printed to its standard error so far.</summary>
    public string Errors => Join(_errors);

    /// <summary>Both, for messages of failed tests.</summary>
    public string Transcript => $"{Output}\n--- standard error:\n{Errors}";

    /// <summary>Starts <c>dotnet assembly arguments…</c>.</summary>
    /// <param name="assembly">The built program.</param>
    /// <param name="directory">Where it runs; settings files there would count.</param>
    /// <param name="arguments">Its arguments.</param>
    /// <param name="environment">
    /// Variables to add. Those of this process that would configure the program are not passed on.
    /// </param>
    /// <param name="wrapper">What to put before <c>dotnet</c>, such as a tracer.</param>
    public static ServerProcess Start(
        string assembly,
        string directory,
        IReadOnlyList<string> arguments,
        IReadOnlyDictionary<string, string>? environment = null,
        IReadOnlyList<string>? wrapper = null
    )
    {
        string[] command = [.. wrapper ?? [], "dotnet", assembly, .. arguments];
        var start = new ProcessStartInfo(command[0], command[1..])
        {
            WorkingDirectory = directory,
            UseShellExecute = false,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        foreach (var name in start.Environment.Keys.Where(IsSetting).ToArray())
        {
            start.Environment.Remove(name);
        }

        foreach (var (name, value) in environment ?? new Dictionary<string, string>())
        {
            start.Environment[name] = value;
        }

        return new ServerProcess(Process.Start(start)!);
    }

    /// <summary>A loopback port that nothing listens on; below those that outgoing connections take.</summary>
    public static int FreePort()
    {
        while (true)
        {
            var port = Random.Shared.Next(20_000, 30_000);
            using var probe = new Socket(SocketType.Stream, ProtocolType.Tcp);
            try
            {
                probe.Bind(new IPEndPoint(IPAddress.Loopback, port));
                return port;
            }
            catch (SocketException)
            {
                // Taken: try another.
            }
        }
    }

    /// <summary>Waits until a line of either output contains a text, and returns that line.</summary>
    /// <exception cref="TimeoutException">It does not come in time, or the program ended without it.</exception>
    public async Task<string> WaitForLineAsync(string text, TimeSpan patience)
    {
        string? found = null;
        await Until.HoldsAsync(
            () =>
                ValueTask.FromResult(
                    (found = Find(text)) is not null
                        || (HasExited && _read.IsCompleted && Find(text) is null)
                ),
            patience,
            () => $"No line with '{text}' in: {Transcript}"
        );
        return found ?? throw new TimeoutException($"Ended without '{text}': {Transcript}");
    }

    /// <summary>Sends a signal.</summary>
    public void Signal(int signal)
    {
        if (!HasExited && SendSignal(Id, signal) != 0)
        {
            throw new InvalidOperationException($"Signal {signal} could not be sent to {Id}.");
        }
    }

    /// <summary>Ends it at once, as SIGKILL does.</summary>
    public async Task KillAsync()
    {
        _process.Kill();
        await WaitForExitAsync(TimeSpan.FromSeconds(30));
    }

    /// <summary>Waits for its end and that of its output. Returns the exit code.</summary>
    /// <exception cref="TimeoutException">It goes on.</exception>
    public async Task<int> WaitForExitAsync(TimeSpan patience)
    {
        using var patient = new CancellationTokenSource(patience);
        try
        {
            await _process.WaitForExitAsync(patient.Token);
            await _read.WaitAsync(patient.Token);
        }
        catch (OperationCanceledException exception)
        {
            throw new TimeoutException(
                $"Process {Id} goes on after {patience.TotalSeconds} s: {Transcript}",
                exception
            );
        }

        return _process.ExitCode;
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
        {
            _process.Kill(entireProcessTree: true);
        }

        await _process.WaitForExitAsync();
        _process.Dispose();
    }

    private static bool IsSetting(string name) =>
        name.StartsWith("WebhookDelivery_", StringComparison.OrdinalIgnoreCase)
        || name.StartsWith("ASPNETCORE_", StringComparison.OrdinalIgnoreCase)
        || name.StartsWith("Logging__", StringComparison.OrdinalIgnoreCase)
        || name.Equals("DOTNET_ENVIRONMENT", StringComparison.OrdinalIgnoreCase);

    private async Task ReadAsync(StreamReader reader, List<string> lines)
    {
        while (await reader.ReadLineAsync() is { } line)
        {
            lock (_gate)
            {
                lines.Add(line);
            }
        }
    }

    private string? Find(string text)
    {
        lock (_gate)
        {
            return _output
                .Concat(_errors)
                .FirstOrDefault(line => line.Contains(text, StringComparison.Ordinal));
        }
    }

    private string Join(List<string> lines)
    {
        lock (_gate)
        {
            return string.Join('\n', lines);
        }
    }

    [DllImport("libc", EntryPoint = "kill")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int SendSignal(int pid, int signal);
}
