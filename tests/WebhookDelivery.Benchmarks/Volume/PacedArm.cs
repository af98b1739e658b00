using System.Diagnostics;
using System.Net;
using System.Text.Json;

namespace WebhookDelivery.Benchmarks;

/// <summary>
/// Open-loop load: request <c>n</c> is sent at a time that was fixed before the first, whether or not
/// earlier ones are answered, so that a server which stalls is charged for every request that falls
/// into the stall. What cannot use an idle connection opens another.
/// </summary>
internal static class PacedArm
{
    /// <summary>Connections made before the first request is due.</summary>
    private const int ConnectionsAtFirst = 16;

    private static readonly TimeSpan AnswerMax = TimeSpan.FromSeconds(30);

    public static async Task<int> RunAsync(Arguments arguments)
    {
        arguments.Allow("port", "key", "rate", "seconds", "pid");
        var port = arguments.Whole("port", 0);
        var pid = arguments.Whole("pid", 0);
        var rate = arguments.Whole("rate", 0);
        var count = (int)(rate * arguments.Number("seconds", 5));
        var target = new IPEndPoint(IPAddress.Loopback, port);
        var request = LoadRequest.Make(port, arguments.Text("key"));
        using var connections = new PacedConnections(target, request, count, ConnectionsAtFirst);

        var cpuBefore = CpuClock.SecondsOf(pid);
        var interval = Stopwatch.Frequency / rate;
        var first = Stopwatch.GetTimestamp() + Stopwatch.Frequency / 10;

        // A thread of its own: the pool's may be late by as much as is measured.
        var pacing = new Thread(() =>
        {
            for (var n = 0; n < count; n++)
            {
                MonotonicClock.SleepUntil(first + n * interval);
                connections.Send(n, first + n * interval);
            }
        });
        pacing.Start();
        await connections.Answered.WaitAsync(TimeSpan.FromSeconds(count / rate) + AnswerMax);
        var cpuSeconds = CpuClock.SecondsOf(pid) - cpuBefore;
        var report = new PacedReport(connections.Samples, cpuSeconds);
        Console.WriteLine(JsonSerializer.Serialize(report));
        return ExitCodes.Passed;
    }
}
