using System.Diagnostics;
using System.Net;
using System.Text.Json;

namespace WebhookDelivery.Benchmarks;

/// <summary>
/// Closed-loop load: each connection sends its next request when the answer to the last is there.
/// Either for a time after a warm-up, or a fixed number of requests.
/// </summary>
internal static class LoadArm
{
    public static async Task<int> RunAsync(Arguments arguments)
    {
        arguments.Allow("port", "key", "connections", "warm-up", "seconds", "count", "pid", "ids");
        var port = arguments.Whole("port", 0);
        var pid = arguments.Whole("pid", 0);
        var count = arguments.Whole("count", 0);
        var budget = new LoadBudget(count > 0 ? count : long.MaxValue);
        var request = LoadRequest.Make(port, arguments.Text("key"));
        var target = new IPEndPoint(IPAddress.Loopback, port);
        var connections = Enumerable
            .Range(0, arguments.Whole("connections", 64))
            .Select(_ => new LoadConnection(target, request, budget))
            .ToArray();

        var running = Task.WhenAll(connections.Select(connection => connection.RunAsync()));
        if (count == 0)
        {
            await PassAsync(arguments.Number("warm-up", 1), running);
        }

        var from = Stopwatch.GetTimestamp();
        var acceptedBefore = Accepted(connections);
        var cpuBefore = CpuClock.SecondsOf(pid);
        await (count > 0 ? running : PassAsync(arguments.Number("seconds", 5), running));
        var seconds = Stopwatch.GetElapsedTime(from).TotalSeconds;
        var accepted = Accepted(connections) - acceptedBefore;
        var cpuSeconds = CpuClock.SecondsOf(pid) - cpuBefore;

        budget.Stop();
        await running;
        Record(arguments.Text("ids", ""), connections);
        var report = new LoadReport(
            accepted,
            seconds,
            cpuSeconds,
            Accepted(connections),
            connections.Sum(connection => connection.Refused)
        );
        Console.WriteLine(JsonSerializer.Serialize(report));
        return ExitCodes.Passed;
    }

    /// <summary>Adds the ids of the 201s to a file, if one is named.</summary>
    private static void Record(string path, LoadConnection[] connections)
    {
        if (path.Length == 0)
        {
            return;
        }

        using var file = new FileStream(path, FileMode.Append);
        foreach (var connection in connections)
        {
            file.Write(connection.Ids.Span);
        }
    }

    /// <summary>Ends early where the load breaks off, so that its fault is seen at once.</summary>
    private static Task PassAsync(double seconds, Task running) =>
        Task.WhenAny(running, Task.Delay(TimeSpan.FromSeconds(seconds)));

    private static long Accepted(LoadConnection[] connections) =>
        connections.Sum(connection => connection.Accepted);
}
