using System.Globalization;

namespace WebhookDelivery.Benchmarks;

/// <summary>The half of the counting that runs here: asks a server for what it has counted.</summary>
internal sealed class ServerCounters : IDisposable
{
    private const string SwitchesField = "voluntary_ctxt_switches:";
    private static readonly TimeSpan AnswerMax = TimeSpan.FromSeconds(30);

    private readonly FsyncShim _shim;
    private readonly string _path;

    public ServerCounters(RunSettings settings)
    {
        _shim = new FsyncShim(settings, FsyncMode.Counted);
        _path = Path.Combine(settings.Scratch, "runtime-counters");
        Environment = new Dictionary<string, string>(_shim.Environment, StringComparer.Ordinal)
        {
            ["DOTNET_STARTUP_HOOKS"] = typeof(RuntimeCounters).Assembly.Location,
            [RuntimeCounters.FileVariable] = _path,
        };
    }

    /// <summary>What the server's process has to be started with.</summary>
    public IReadOnlyDictionary<string, string> Environment { get; }

    /// <summary>What is counted as of now.</summary>
    /// <exception cref="BrokenRunException">The server does not answer.</exception>
    public async Task<ServerCounts> ReadAsync(int pid, CancellationToken cancellationToken)
    {
        File.Delete(_path);
        Signals.AskForCounters(pid);
        using var waiting = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        waiting.CancelAfter(AnswerMax);
        while (!File.Exists(_path))
        {
            if (waiting.IsCancellationRequested)
            {
                cancellationToken.ThrowIfCancellationRequested();
                throw new BrokenRunException("The server does not say what it has counted.");
            }

            await Task.Delay(2, cancellationToken);
        }

        return new ServerCounts(
            RuntimeCounts.Parse(await File.ReadAllTextAsync(_path, cancellationToken)),
            CpuClock.TimesOf(pid),
            Directory.EnumerateDirectories($"/proc/{pid}/task").Sum(SwitchesOf),
            _shim.Read()
        );
    }

    public void Dispose()
    {
        _shim.Dispose();
        File.Delete(_path);
    }

    private static long SwitchesOf(string task)
    {
        try
        {
            var line = File.ReadLines(Path.Combine(task, "status"))
                .First(line => line.StartsWith(SwitchesField, StringComparison.Ordinal));
            return long.Parse(line[SwitchesField.Length..], CultureInfo.InvariantCulture);
        }
        catch (IOException)
        {
            // The thread has ended since.
            return 0;
        }
    }
}
