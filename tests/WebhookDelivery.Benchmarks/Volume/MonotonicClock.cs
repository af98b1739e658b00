using System.Diagnostics;
using System.Runtime.InteropServices;

namespace WebhookDelivery.Benchmarks;

/// <summary>
/// The clock behind <see cref="Stopwatch"/>: on Linux CLOCK_MONOTONIC in nanoseconds, the same in every
/// process, so that a receipt in one is compared with a request in another.
/// </summary>
internal static partial class MonotonicClock
{
    private const int Monotonic = 1;
    private const int AbsoluteTime = 1;
    private const long PerSecond = 1_000_000_000;

    /// <summary>Sleeps until a time has come, to within some 0.1 ms; a thread pool's timer takes 1 ms and more.</summary>
    public static void SleepUntil(long ticks)
    {
        var until = new Time(ticks / PerSecond, ticks % PerSecond);
        while (Stopwatch.GetTimestamp() < ticks)
        {
            _ = Sleep(Monotonic, AbsoluteTime, in until, 0);
        }
    }

    public static double Milliseconds(long from, long to) =>
        Stopwatch.GetElapsedTime(from, to).TotalMilliseconds;

    public static long After(long ticks, double seconds) =>
        ticks + (long)(seconds * Stopwatch.Frequency);

    [LibraryImport("libc", EntryPoint = "clock_nanosleep")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int Sleep(int clock, int flags, in Time until, nint left);

    [StructLayout(LayoutKind.Sequential)]
    private readonly record struct Time(long Seconds, long Nanoseconds);
}
