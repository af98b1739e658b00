using System.Diagnostics;
using System.Globalization;

namespace WebhookDelivery.Benchmarks;

/// <summary>The half of the heap's reading that runs here: asks a server how much is alive.</summary>
internal sealed class LiveHeap : IDisposable
{
    private static readonly TimeSpan AnswerMax = TimeSpan.FromSeconds(30);

    private readonly string _path;

    public LiveHeap(RunSettings settings)
    {
        _path = Path.Combine(settings.Scratch, "live-heap-" + Path.GetRandomFileName());
        Environment = new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["DOTNET_STARTUP_HOOKS"] = typeof(HeapGauge).Assembly.Location,
            [HeapGauge.FileVariable] = _path,
        };
    }

    /// <summary>What the server's process has to be started with.</summary>
    public IReadOnlyDictionary<string, string> Environment { get; }

    /// <summary>Managed megabytes (10^6 bytes) alive after a full, blocking collection.</summary>
    /// <exception cref="BrokenRunException">The server does not answer.</exception>
    public async Task<double> ReadMegabytesAsync(int pid, CancellationToken cancellationToken)
    {
        File.Delete(_path);
        Signals.AskForHeap(pid);
        for (var waited = Stopwatch.StartNew(); waited.Elapsed < AnswerMax; )
        {
            if (File.Exists(_path))
            {
                var text = await File.ReadAllTextAsync(_path, cancellationToken);
                return long.Parse(text, CultureInfo.InvariantCulture) / 1e6;
            }

            await Task.Delay(2, cancellationToken);
        }

        throw new BrokenRunException("The server does not say what is alive in its heap.");
    }

    public void Dispose() => File.Delete(_path);
}
