using System.Globalization;
using System.Runtime;
using System.Runtime.InteropServices;

namespace WebhookDelivery.Benchmarks;

/// <summary>
/// The half of the heap's reading that runs inside a server: at each signal it collects everything that
/// is not alive and writes to a file how many bytes are.
/// </summary>
internal static class HeapGauge
{
    /// <summary>Names the file.</summary>
    public const string FileVariable = "BENCHMARK_LIVE_HEAP";

    private static PosixSignalRegistration? s_signal;
    private static string s_path = "";

    /// <summary>Begins; a server without the variable is left as it is.</summary>
    public static void AnswerSignals()
    {
        if (Environment.GetEnvironmentVariable(FileVariable) is { Length: > 0 } path)
        {
            s_path = path;
            s_signal = PosixSignalRegistration.Create((PosixSignal)Signals.SigUsr2, Write);
        }
    }

    private static void Write(PosixSignalContext context)
    {
        // The default of this signal would end the process.
        context.Cancel = true;

        // Twice: what waits for its finalizer outlives the first collection.
        Collect();
        GC.WaitForPendingFinalizers();
        Collect();
        var bytes = GC.GetTotalMemory(forceFullCollection: false);

        // Renamed into place, so that the reader sees all of it or nothing.
        File.WriteAllText(s_path + ".part", bytes.ToString(CultureInfo.InvariantCulture));
        File.Move(s_path + ".part", s_path, overwrite: true);
    }

    private static void Collect()
    {
        GCSettings.LargeObjectHeapCompactionMode = GCLargeObjectHeapCompactionMode.CompactOnce;
        GC.Collect(GC.MaxGeneration, GCCollectionMode.Forced, blocking: true, compacting: true);
    }
}
