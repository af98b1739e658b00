using SQLitePCL;
using WebhookDelivery.Testing;

namespace WebhookDelivery.EndToEnd.Tests;

/// <summary>
/// The database refuses writes, as somebody else holds its lock: nothing accepted is lost, nothing
/// that cannot be stored is accepted, and outcomes are kept until they can be written.
/// </summary>
public sealed class SqliteOutageTests : EndToEndTest<SqliteHome>
{
    // Pauses between tries must pass by themselves here: they are a second, not a retry schedule's.
    public SqliteOutageTests() => Setup = Setup with { Time = TimeProvider.System };

    [Fact]
    public async Task Events_are_refused_while_the_store_is_and_accepted_after()
    {
        var receiver = AddReceiver();
        var acme = await AddTenantAsync();
        await acme.AddEndpointAsync(receiver.Url);
        var before = await acme.PostEventAsync();
        await acme.WaitForAsync(before, "DELIVERED");
        (await Anybody.GetAsync("/health/ready")).Expect(200);

        using (TakeLock())
        {
            var refused = await Task.WhenAll(
                Enumerable
                    .Range(0, 10)
                    .Select(i => acme.PostEventAsync("""{"n":1}"""u8.ToArray(), "outage"))
            );
            foreach (var answer in refused)
            {
                Assert.Equal("overloaded", answer.Expect(503)["code"]);
                Assert.InRange(int.Parse(answer.Headers["Retry-After"]), 1, 60);
            }

            Assert.Equal(
                "not_ready",
                (await Anybody.GetAsync("/health/ready")).Expect(503)["code"]
            );
            (await Anybody.GetAsync("/health/live")).Expect(200);
            Assert.Equal(
                before,
                (await acme.EventAsync(before)).GetProperty("event_id").GetString()
            );
        }

        await Eventually.IsAsync(200, async () => (await Anybody.GetAsync("/health/ready")).Status);
        var after = await acme.PostEventAsync("""{"n":1}"""u8.ToArray(), "outage");
        await acme.WaitForAsync(after.Expect(201)["event_id"], "DELIVERED");
        Assert.False(after.Headers.ContainsKey("Idempotency-Replayed"));
        Assert.Equal(2, await acme.CountEventsAsync());
        Assert.Equal(2, receiver.Requests.Count);
    }

    [Fact]
    public async Task An_outcome_that_cannot_be_stored_is_kept_and_nothing_is_attempted_meanwhile()
    {
        using var log = new CapturedLog();
        await RestartAsync(Setup with { Time = Clock, Log = log });
        var gate = new TaskCompletionSource<string>();
        var receiver = AddReceiver();
        receiver.Answer = _ => gate.Task;
        var acme = await AddTenantAsync();
        await acme.AddEndpointAsync(receiver.Url, """ "rate_limit_per_second":1 """);
        var first = await acme.PostEventAsync();
        var second = await acme.PostEventAsync();
        await Eventually.IsAsync(1, () => receiver.Requests.Count);

        using (TakeLock())
        {
            gate.SetResult(WireReceiver.Ok);
            await Eventually.IsAsync(1, () => Refusals(log));

            // The second one's turn comes, and a further try to store the first one's outcome. The
            // question after readiness goes through the same writer, behind that try.
            Clock.Advance(TimeSpan.FromSeconds(5));
            Assert.Equal(503, (await Anybody.GetAsync("/health/ready")).Status);
            Assert.Single(receiver.Requests);
            Assert.Equal("PENDING", (await acme.DeliveryAsync(first)).Status);
        }

        await PumpAsync(
            TimeSpan.FromSeconds(1),
            TimeSpan.FromMinutes(1),
            async () => await acme.CountEventsAsync("&status=DELIVERED") == 2
        );
        Assert.Equal([first, second], receiver.Requests.Select(each => each["webhook-id"]));
        Assert.Single(await acme.AttemptsAsync(first));
        Assert.Equal(1, Refusals(log));
    }

    /// <summary>How often the worker has said that the store is unavailable: once an outage.</summary>
    private static int Refusals(CapturedLog log) =>
        log
            .Text.Split('\n')
            .Count(line => line.Contains("StorePersistence 1001", StringComparison.Ordinal));

    /// <summary>Holds the database's write lock until disposed.</summary>
    private OtherWriter TakeLock() => new(Path.Combine(Engine.DataDirectory, "webhooks.db"));

    private sealed class OtherWriter : IDisposable
    {
        private readonly sqlite3 _database;

        public OtherWriter(string path)
        {
            Batteries_V2.Init();
            Assert.Equal(raw.SQLITE_OK, raw.sqlite3_open(path, out _database));
            raw.sqlite3_busy_timeout(_database, 5000);
            Assert.Equal(raw.SQLITE_OK, raw.sqlite3_exec(_database, "BEGIN EXCLUSIVE"));
        }

        public void Dispose()
        {
            raw.sqlite3_exec(_database, "ROLLBACK");
            _database.Dispose();
        }
    }
}
