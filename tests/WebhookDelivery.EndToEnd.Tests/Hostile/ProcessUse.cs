using System.Diagnostics;
using System.Globalization;

namespace WebhookDelivery.EndToEnd.Tests;

/// <summary>What a process holds of the machine at a moment, as Linux counts it.</summary>
/// <param name="ResidentBytes">Memory in RAM, managed and native.</param>
/// <param name="Threads">Its threads.</param>
/// <param name="Descriptors">Its open files and sockets.</param>
/// <param name="Processor">The processor time that it has taken so far.</param>
internal sealed record ProcessUse(
    long ResidentBytes,
    int Threads,
    int Descriptors,
    TimeSpan Processor
)
{
    public static ProcessUse Of(int processId)
    {
        using var process = Process.GetProcessById(processId);
        var status = File.ReadAllLines($"/proc/{processId}/status");
        return new(
            Number("VmRSS:") * 1024,
            (int)Number("Threads:"),
            Directory.EnumerateFileSystemEntries($"/proc/{processId}/fd").Count(),
            process.TotalProcessorTime
        );

        long Number(string name) =>
            long.Parse(
                status
                    .Single(line => line.StartsWith(name, StringComparison.Ordinal))
                    .Split([' ', '\t'], StringSplitOptions.RemoveEmptyEntries)[1],
                CultureInfo.InvariantCulture
            );
    }
}
