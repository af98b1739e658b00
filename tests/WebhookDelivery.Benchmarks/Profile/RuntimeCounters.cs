using System.Globalization;
using System.Runtime;
using System.Runtime.InteropServices;

namespace WebhookDelivery.Benchmarks;

/// <summary>
/// The half of the counting that runs inside a server: at each signal it writes what the runtime has
/// counted so far to a file. Between two signals it costs nothing.
/// </summary>
internal static class RuntimeCounters
{
    /// <summary>Names the file.</summary>
    public const string FileVariable = "BENCHMARK_RUNTIME_COUNTERS";

    private static PosixSignalRegistration? s_signal;
    private static string s_path = "";
    private static long s_exceptions;

    /// <summary>Begins; a server without the variable is left as it is.</summary>
    public static void AnswerSignals()
    {
        if (Environment.GetEnvironmentVariable(FileVariable) is { Length: > 0 } path)
        {
            s_path = path;
            AppDomain.CurrentDomain.FirstChanceException += (_, _) =>
                Interlocked.Increment(ref s_exceptions);
            s_signal = PosixSignalRegistration.Create((PosixSignal)Signals.SigUsr1, Write);
            AllocationSampler.AnswerSignals(path + AllocationSampler.FileSuffix);
        }
    }

    /// <summary>The numbers of <see cref="RuntimeCounts"/>, in their order, with a blank between.</summary>
    private static void Write(PosixSignalContext context)
    {
        // The default of this signal would end the process.
        context.Cancel = true;

        // Plain text, and read before it is written: the counting must not count much of itself.
        ReadOnlySpan<long> counts =
        [
            GC.GetTotalAllocatedBytes(precise: true),
            GC.CollectionCount(0) - GC.CollectionCount(1),
            GC.CollectionCount(1) - GC.CollectionCount(2),
            GC.CollectionCount(2),
            (long)GC.GetTotalPauseDuration().TotalMicroseconds,
            Monitor.LockContentionCount,
            ThreadPool.CompletedWorkItemCount,
            Interlocked.Read(ref s_exceptions),
            JitInfo.GetCompiledMethodCount(),
        ];
        var text = "";
        foreach (var count in counts)
        {
            text += count.ToString(CultureInfo.InvariantCulture) + " ";
        }

        // Renamed into place, so that the reader sees all of it or nothing.
        File.WriteAllText(s_path + ".part", text);
        File.Move(s_path + ".part", s_path, overwrite: true);
    }
}
