using System.ComponentModel;
using System.Diagnostics;
using System.Globalization;

namespace WebhookDelivery.Benchmarks;

/// <summary>
/// Counts the system calls of a running process by <c>strace</c>. That slows the process down, so
/// that nothing else is to be measured meanwhile.
/// </summary>
internal sealed class Syscalls : IAsyncDisposable
{
    private static readonly TimeSpan EndMax = TimeSpan.FromSeconds(30);

    private readonly Process _strace;
    private readonly string _path;
    private readonly Task _rest;

    private Syscalls(Process strace, string path)
    {
        _strace = strace;
        _path = path;

        // It speaks of each thread that comes and goes, and the pipe must not fill.
        _rest = strace.StandardError.ReadToEndAsync();
    }

    /// <summary>Returns once the process is traced, all its threads.</summary>
    /// <exception cref="BrokenRunException">There is no strace, or it may not trace the process.</exception>
    public static async Task<Syscalls> StartAsync(
        RunSettings settings,
        int pid,
        CancellationToken cancellationToken
    )
    {
        var path = Path.Combine(settings.Scratch, "syscalls");
        var start = new ProcessStartInfo("strace", ["-f", "-c", "-o", path, "-p", $"{pid}"])
        {
            UseShellExecute = false,
            RedirectStandardError = true,
        };
        try
        {
            var strace = Process.Start(start)!;
            var line = await strace.StandardError.ReadLineAsync(cancellationToken);
            if (line?.Contains("attached", StringComparison.Ordinal) != true)
            {
                throw new BrokenRunException($"strace: {line}");
            }

            return new Syscalls(strace, path);
        }
        catch (Win32Exception exception)
        {
            throw new BrokenRunException($"strace: {exception.Message}");
        }
    }

    /// <summary>Stops tracing; the calls by name.</summary>
    public async Task<IReadOnlyDictionary<string, long>> StopAsync(
        CancellationToken cancellationToken
    )
    {
        Signals.Interrupt(_strace.Id);
        await _strace.WaitForExitAsync(cancellationToken).WaitAsync(EndMax, cancellationToken);
        return Parse(await File.ReadAllLinesAsync(_path, cancellationToken));
    }

    public async ValueTask DisposeAsync()
    {
        if (!_strace.HasExited)
        {
            Signals.Interrupt(_strace.Id);
            await _strace.WaitForExitAsync(CancellationToken.None).WaitAsync(EndMax);
        }

        await _rest;
        _strace.Dispose();
        File.Delete(_path);
    }

    /// <summary>
    /// Reads the table of <c>strace -c</c>: per cent of time, seconds, microseconds a call, calls,
    /// errors where there were any, name; between two rules.
    /// </summary>
    internal static IReadOnlyDictionary<string, long> Parse(IEnumerable<string> lines) =>
        lines
            .SkipWhile(line => !line.StartsWith("---", StringComparison.Ordinal))
            .Skip(1)
            .TakeWhile(line => !line.StartsWith("---", StringComparison.Ordinal))
            .Select(line => line.Split(' ', StringSplitOptions.RemoveEmptyEntries))
            .ToDictionary(
                fields => fields[^1],
                fields => long.Parse(fields[3], CultureInfo.InvariantCulture),
                StringComparer.Ordinal
            );
}
