using System.Diagnostics;
using System.Globalization;

namespace WebhookDelivery.Benchmarks;

/// <summary>The half of the counting that runs here: asks a server for what it has counted.</summary>
internal sealed class ServerCounters : IDisposable
{
    private const string SwitchesField = "voluntary_ctxt_switches:";
    private static readonly TimeSpan AnswerMax = TimeSpan.FromSeconds(30);

    private readonly FsyncShim _shim;
    private readonly string _path;

    private string SamplesPath => _path + AllocationSampler.FileSuffix;

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
        var text = await AskAsync(pid, Signals.AskForCounters, _path, cancellationToken);
        return new ServerCounts(
            RuntimeCounts.Parse(text),
            CpuClock.TimesOf(pid),
            Directory.EnumerateDirectories($"/proc/{pid}/task").Sum(SwitchesOf),
            _shim.Read()
        );
    }

    /// <summary>Has the server sample what it allocates from now on.</summary>
    /// <exception cref="BrokenRunException">The server does not answer.</exception>
    public Task StartSamplingAsync(int pid, CancellationToken cancellationToken) =>
        AskAsync(pid, Signals.SampleAllocations, SamplesPath, cancellationToken);

    /// <summary>Ends it; the bytes by type, as the samples have them.</summary>
    /// <exception cref="BrokenRunException">The server does not answer.</exception>
    public async Task<IReadOnlyDictionary<string, double>> StopSamplingAsync(
        int pid,
        CancellationToken cancellationToken
    )
    {
        var text = await AskAsync(pid, Signals.SampleAllocations, SamplesPath, cancellationToken);
        return text.Split('\n', StringSplitOptions.RemoveEmptyEntries)
            .Select(line => line.Split(' ', 2))
            .ToDictionary(
                fields => fields[1],
                fields => double.Parse(fields[0], CultureInfo.InvariantCulture),
                StringComparer.Ordinal
            );
    }

    public void Dispose()
    {
        _shim.Dispose();
        File.Delete(_path);
        File.Delete(SamplesPath);
    }

    /// <summary>Signals the server and waits for the file that it answers with.</summary>
    private static async Task<string> AskAsync(
        int pid,
        Action<int> signal,
        string path,
        CancellationToken cancellationToken
    )
    {
        File.Delete(path);
        signal(pid);
        for (var waited = Stopwatch.StartNew(); waited.Elapsed < AnswerMax; )
        {
            if (File.Exists(path))
            {
                return await File.ReadAllTextAsync(path, cancellationToken);
            }

            await Task.Delay(2, cancellationToken);
        }

        throw new BrokenRunException("The server does not say what it has counted.");
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
