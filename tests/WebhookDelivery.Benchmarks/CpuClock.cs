using System.Globalization;

namespace WebhookDelivery.Benchmarks;

/// <summary>Reads the CPU time of a process, all threads, user and kernel.</summary>
internal static class CpuClock
{
    /// <summary>USER_HZ, in which Linux reports to user space on every architecture of .NET.</summary>
    private const double TicksPerSecond = 100;

    /// <summary>Seconds since the process began; 0 for process 0.</summary>
    public static double SecondsOf(int pid) => TimesOf(pid).Seconds;

    /// <summary>The same by where it was spent.</summary>
    public static CpuTimes TimesOf(int pid)
    {
        if (pid == 0)
        {
            return default;
        }

        var stat = File.ReadAllText($"/proc/{pid}/stat");

        // proc(5): the second field is the name in parentheses and may hold blanks; after it, the
        // state is field 3, user time field 14 and system time field 15.
        var fields = stat[(stat.LastIndexOf(')') + 2)..].Split(' ');
        return new CpuTimes(Seconds(fields[11]), Seconds(fields[12]));
    }

    private static double Seconds(string ticks) =>
        long.Parse(ticks, CultureInfo.InvariantCulture) / TicksPerSecond;
}
