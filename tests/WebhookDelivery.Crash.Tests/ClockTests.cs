using System.Globalization;
using WebhookDelivery.Testing;

namespace WebhookDelivery.Crash.Tests;

/// <summary>
/// A wall clock that jumps while the server runs; the monotonic clock, by which it waits, does not.
/// </summary>
public sealed class ClockTests : IDisposable
{
    private static readonly TimeSpan s_fortyDays = TimeSpan.FromDays(40);
    private static readonly TimeSpan s_tenYears = TimeSpan.FromDays(3650);

    private readonly TemporaryDirectory _directory = new();
    private readonly FaultControl _faults;

    public ClockTests() => _faults = new FaultControl(DataDirectory, remembers: false);

    /// <summary>
    /// As a machine without a battery has it: it starts in the past, and is set right under load. Each
    /// jump makes every retry that waits due at once.
    /// </summary>
    [Fact]
    public async Task Clock_JumpsForwardUnderLoad_EveryAcceptedEventIsDelivered()
    {
        _faults.ShiftClock(-s_tenYears);
        await using var server = Server(string.Join(',', Enumerable.Repeat("200ms", 20)));
        await server.StartAsync();
        await using var traffic = await Traffic.CreateAsync(server, 2, failEvery: 3);
        traffic.Start(posters: 4);
        foreach (var hours in new[] { -1, 0, 1, 960 })
        {
            await AcceptedAsync(server, traffic, 60);
            _faults.ShiftClock(TimeSpan.FromHours(hours));
        }

        await AcceptedAsync(server, traffic, 60);
        await traffic.StopAsync();
        await traffic.SettleAsync(Served.Patience);
        Assert.False(server.Process.HasExited);
        Assert.Equal(0, traffic.Ledger.Duplicates);
    }

    /// <summary>
    /// What waits for a retry waits for as much longer as the clock was set back; what is new does not,
    /// and its own retries keep their times.
    /// </summary>
    [Theory]
    [InlineData(1)]
    [InlineData(87_600)]
    public async Task Clock_JumpsBack_DelaysTheRetriesThatWaitAndNothingElse(int hours)
    {
        await using var server = Server("3s,3s,3s");
        await server.StartAsync();
        await using var receiver = await TenantEndpointStub.StartAsync();
        var key = await server.CreateTenantAsync("acme", receiver.Url);
        receiver.AnswerWith(new StubAnswer(500));
        var waiting = await PostAsync(server, key);
        await StatusAsync(server, key, waiting, "FAILED");

        _faults.ShiftClock(-TimeSpan.FromHours(hours));
        // Twice, so that by then the other would have been due for certain.
        receiver.AnswerWith(new StubAnswer(500), new StubAnswer(500), new StubAnswer(200));
        var fresh = await PostAsync(server, key);
        await StatusAsync(server, key, fresh, "DELIVERED");
        await StatusAsync(server, key, waiting, "FAILED");
        Assert.InRange(AheadBy(receiver.Requests[^1]).TotalHours, -hours - 0.1, 0.1 - hours);
        Assert.True(
            string.CompareOrdinal(fresh, waiting) < 0,
            "An id sorts by the time that the clock said."
        );

        // Set right again: found by the next event that comes, or within a minute.
        _faults.ShiftClock(TimeSpan.Zero);
        await PostAsync(server, key);
        await StatusAsync(server, key, waiting, "DELIVERED");
        await server.WaitUntilSettledAsync(key, Served.Patience);
    }

    /// <summary>Retention goes by the wall clock: what is finished goes, what is open stays.</summary>
    [Fact]
    public async Task Clock_JumpsPastRetention_KeepsWhatIsOpen()
    {
        await using var server = Server("1h,1h,1h,1h");
        await server.StartAsync();
        await using var receiver = await TenantEndpointStub.StartAsync();
        var key = await server.CreateTenantAsync("acme", receiver.Url);
        var finished = await PostAsync(server, key);
        await StatusAsync(server, key, finished, "DELIVERED");
        receiver.AnswerWith(new StubAnswer(500));
        var open = await PostAsync(server, key);
        await StatusAsync(server, key, open, "FAILED");

        // A start looks for what has expired at once, a running server within a minute.
        await server.StopAsync();
        await server.Process.DisposeAsync();
        _faults.ShiftClock(s_fortyDays);
        await server.StartAsync();
        await Until.HoldsAsync(
            async () => (await server.GetAsync($"/v1/events/{finished}", key)).Status == 404,
            Served.Patience,
            () => server.Process.Transcript
        );
        // Its retry was 40 days overdue, and came once, not as often as the hours would allow.
        await Until.HoldsAsync(
            () => ValueTask.FromResult(receiver.Requests.Count >= 3),
            Served.Patience,
            () => server.Process.Transcript
        );
        await StatusAsync(server, key, open, "FAILED");
        Assert.Equal(3, receiver.Requests.Count);

        receiver.AnswerWith(new StubAnswer(200));
        _faults.ShiftClock(s_fortyDays + TimeSpan.FromHours(2));
        await PostAsync(server, key);
        await StatusAsync(server, key, open, "DELIVERED");
        Assert.InRange(AheadBy(receiver.Requests[^1]).TotalDays, 40, 41);
    }

    public void Dispose()
    {
        _faults.Dispose();
        _directory.Dispose();
    }

    private string DataDirectory => Path.Combine(_directory.Path, "data");

    private Served Server(string schedule) =>
        new(
            new Dictionary<string, string> { ["Delivery__RetrySchedule"] = schedule },
            DataDirectory,
            _faults.Variables
        );

    private static async Task<string> PostAsync(Served server, string key)
    {
        var answer = await server.PostAsync("/v1/events", key, "{}");
        answer.Require(201);
        return answer["event_id"];
    }

    private static async Task StatusAsync(Served server, string key, string id, string wanted)
    {
        var found = "";
        await Until.HoldsAsync(
            async () =>
                (found = (await server.GetAsync($"/v1/events/{id}", key))["status"]) == wanted,
            Served.Patience,
            () => $"{id} is {found}, not {wanted}: {server.Process.Transcript}"
        );
    }

    private static Task AcceptedAsync(Served server, Traffic traffic, int more)
    {
        var enough = traffic.Ledger.Accepted + more;
        return Until.HoldsAsync(
            () => ValueTask.FromResult(traffic.Ledger.Accepted >= enough),
            Served.Patience,
            () => $"only {traffic.Ledger.Accepted} accepted: {server.Process.Transcript}"
        );
    }

    /// <summary>How far the clock that signed a request is ahead of the machine's.</summary>
    private static TimeSpan AheadBy(ReceivedRequest request) =>
        DateTimeOffset.FromUnixTimeSeconds(
            long.Parse(request.Headers["webhook-timestamp"], CultureInfo.InvariantCulture)
        ) - DateTimeOffset.UtcNow;
}
