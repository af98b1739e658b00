using System.Globalization;

namespace WebhookDelivery.Benchmarks;

/// <summary>Reads how much of the machine's memory a process has, shared pages included.</summary>
internal static class ResidentMemory
{
    private const string Now = "VmRSS:";
    private const string Peak = "VmHWM:";

    /// <summary>Megabytes (10^6 bytes) now.</summary>
    public static double MegabytesOf(int pid) => Read(pid, Now);

    /// <summary>The most that it had so far, in megabytes.</summary>
    public static double PeakMegabytesOf(int pid) => Read(pid, Peak);

    // proc(5): the value is in units of 1,024 bytes.
    private static double Read(int pid, string field)
    {
        var line = File.ReadLines($"/proc/{pid}/status")
            .First(line => line.StartsWith(field, StringComparison.Ordinal));
        var kibibytes = line[field.Length..].Replace("kB", "", StringComparison.Ordinal).Trim();
        return long.Parse(kibibytes, CultureInfo.InvariantCulture) * 1024 / 1e6;
    }
}
