using System.Diagnostics;
using System.Text;
using WebhookDelivery.Testing;

namespace WebhookDelivery.EndToEnd.Tests;

/// <summary>
/// A 201 follows the fsync of what it acknowledges. Killing a process cannot show that, since the
/// operating system keeps what was written: the system calls themselves are looked at.
/// </summary>
[Collection(ProcessCollection.Name)]
public sealed class DurabilityTests(ITestOutputHelper output)
{
    private const int OneByOne = 20;
    private const int Concurrent = 100;

    [Fact]
    public async Task Serve_Every201_FollowsTheFsyncOfItsEvent()
    {
        // Not among what scripts/test.sh asks for; where nothing may be skipped, .ci/run installs it.
        Assert.SkipUnless(
            await IsInstalledAsync("strace"),
            "strace is missing: install it (Debian: apt-get install strace) to see that a 201 follows the fsync."
        );
        using var directory = new TemporaryDirectory();
        var trace = Path.Combine(directory.Path, "trace");
        await using var server = new Served(
            new Dictionary<string, string> { ["Delivery__Paused"] = "true" }
        );
        await server.StartAsync(
            "strace",
            "-f",
            "-y",
            "-s",
            "8192",
            "-e",
            "trace=fsync,fdatasync,write,writev,pwrite64,sendto,sendmsg",
            "-o",
            trace
        );
        var key = await server.CreateTenantAsync("acme", new Uri("http://127.0.0.1:9/hook"));

        var events = new List<(string Marker, string EventId)>();
        for (var i = 0; i < OneByOne; i++)
        {
            events.Add(await PostAsync(server, key, i));
        }

        events.AddRange(
            await Task.WhenAll(
                Enumerable.Range(OneByOne, Concurrent).Select(i => PostAsync(server, key, i))
            )
        );
        // The tracer passes a signal to nobody: stop the program, and the tracer ends with it.
        var tracer = server.Process.Id;
        using var stop = Process.Start(
            "sh",
            ["-c", $"kill -TERM $(cat /proc/{tracer}/task/{tracer}/children)"]
        );
        await server.Process.WaitForExitAsync(Served.Patience);

        var calls = SystemCalls.Read(trace);
        foreach (var (marker, eventId) in events)
        {
            var stored = calls.FindWrite(marker);
            Assert.True(stored is not null, $"{marker} was never written to the log");
            var answered = calls.FindAnswer(eventId);
            Assert.True(answered is not null, $"the 201 of {marker} was not seen");
            Assert.True(
                calls.HasSyncBetween(stored.Ended, answered.Began),
                $"The 201 of {marker} (line {answered.Began}) left before an fsync of what was stored (line {stored.Ended})."
            );
        }

        output.WriteLine($"{events.Count} answers 201, {calls.Syncs} fsyncs of the log");
        Assert.InRange(calls.Syncs, OneByOne, int.MaxValue);
    }

    private static async Task<(string Marker, string EventId)> PostAsync(
        Served server,
        string key,
        int number
    )
    {
        var marker = $"marker-{number:d4}-{Guid.NewGuid():n}";
        var answer = await server.PostAsync(
            "/v1/events",
            key,
            Encoding.UTF8.GetBytes($$"""{"marker":"{{marker}}"}""")
        );
        Assert.Equal(201, answer.Status);
        return (marker, answer["event_id"]);
    }

    private static async Task<bool> IsInstalledAsync(string program)
    {
        using var process = Process.Start("sh", ["-c", $"command -v {program} >/dev/null"]);
        await process.WaitForExitAsync();
        return process.ExitCode == 0;
    }
}
