namespace WebhookDelivery.Core.Tests;

public sealed class DeliveryBatchTests
{
    private static readonly TimeSpan Minute = TimeSpan.FromMinutes(1);

    [Fact]
    public async Task Run_SeveralClaims_AttemptsAllAtOnceAndReportsNone()
    {
        await using var core = new CoreOnSqlite();
        await core.AddTenantAsync();
        var ids = await PostAsync(core, 10);
        var together = new TaskCompletionSource();
        core.Sender.Script = async (_, _) =>
        {
            if (core.Sender.Requests.Count == 10)
            {
                together.SetResult();
            }

            await together.Task;
            return ScriptedSender.Answer(200);
        };

        Assert.Empty(await RunAsync(core, await ReceiveAsync(core, 10), Minute));

        foreach (var id in ids)
        {
            Assert.Equal(DeliveryStatus.Delivered, (await core.DeliveryOfAsync(id)).Status);
        }
    }

    [Fact]
    public async Task Run_AFailedAttempt_IsNoFailureOfTheBatch()
    {
        await using var core = new CoreOnSqlite();
        await core.AddTenantAsync();
        core.Sender.Always(500);
        var id = Assert.Single(await PostAsync(core, 1));
        Assert.Empty(await RunAsync(core, await ReceiveAsync(core, 1), Minute));
        Assert.Equal(DeliveryStatus.Failed, (await core.DeliveryOfAsync(id)).Status);
    }

    [Fact]
    public async Task Run_OneThatCannotBeProcessed_IsReportedAlone()
    {
        await using var core = new CoreOnSqlite();
        await core.AddTenantAsync();
        var ids = await PostAsync(core, 3);
        var claims = await ReceiveAsync(core, 3);
        core.Sender.Script = (request, _) =>
            request.Headers.Any(header => header.Value == ids[1].ToString())
                ? throw new InvalidOperationException("A fault of ours.")
                : new(ScriptedSender.Answer(200));

        var failed = await RunAsync(core, claims, Minute);

        Assert.Equal(ids[1], Assert.Single(failed).Due.Key.EventId);
        Assert.Equal(DeliveryStatus.Pending, (await core.DeliveryOfAsync(ids[1])).Status);
        Assert.Equal(DeliveryStatus.Delivered, (await core.DeliveryOfAsync(ids[2])).Status);
    }

    [Fact]
    public async Task Run_AnOutcomeCannotBeStoredInTime_ReportsItAndAttemptsNothingMore()
    {
        FaultyEventStore? faulty = null;
        await using var core = new CoreOnSqlite(wrap: store =>
            faulty = new FaultyEventStore(store)
        );
        await core.AddTenantAsync();
        await PostAsync(core, 2);
        var claims = await ReceiveAsync(core, 2);
        faulty!.RecordFailures = int.MaxValue;
        var running = RunAsync(core, claims, Minute);
        while (!running.IsCompleted)
        {
            core.Time.Advance(TimeSpan.FromSeconds(5));
            await Task.Yield();
        }

        Assert.Equal([claims[0]], await running);
        Assert.Single(core.Sender.Requests);
        Assert.Equal(claims[1].Due.Key, (await core.ReceiveAsync()).Due.Key);
    }

    [Fact]
    public async Task Run_AnEndpointsCap_HoldsWithinTheBatch()
    {
        await using var core = new CoreOnSqlite();
        await core.AddTenantAsync(
            endpoint: new EndpointDraft { Url = "https://acme.example/hook", MaxInFlight = 2 }
        );
        await PostAsync(core, 8);
        var (now, most) = (0, 0);
        core.Sender.Script = async (_, _) =>
        {
            InterlockedMax(ref most, Interlocked.Increment(ref now));
            await Task.Yield();
            Interlocked.Decrement(ref now);
            return ScriptedSender.Answer(200);
        };
        Assert.Empty(await RunAsync(core, await ReceiveAsync(core, 8), Minute));
        Assert.Equal(8, core.Sender.Requests.Count);
        Assert.InRange(most, 1, 2);
    }

    [Fact]
    public async Task Run_BeyondAnEndpointsRate_PostponesTheRestWithoutAnAttempt()
    {
        await using var core = new CoreOnSqlite();
        await core.AddTenantAsync(
            endpoint: new EndpointDraft
            {
                Url = "https://acme.example/hook",
                RateLimitPerSecond = 2,
            }
        );
        await PostAsync(core, 5);
        Assert.Empty(await RunAsync(core, await ReceiveAsync(core, 5), Minute));
        Assert.Equal(2, core.Sender.Requests.Count);
        Assert.True(await core.NothingDueAsync());
        core.Time.Advance(TimeSpan.FromSeconds(5));
        Assert.Equal(3, (await ReceiveAsync(core, 3)).Count);
    }

    [Fact]
    public async Task Run_TooLateForALongAttempt_PostponesWithoutAnAttempt()
    {
        await using var core = new CoreOnSqlite();
        await core.AddTenantAsync();
        await PostAsync(core, 1);
        var claims = await ReceiveAsync(core, 1);
        Assert.Empty(await RunAsync(core, claims, TimeSpan.FromSeconds(20)));
        Assert.Empty(core.Sender.Requests);
        Assert.Equal(claims[0].Due.Key, (await core.ReceiveAsync()).Due.Key);
    }

    private static Task<IReadOnlyList<ClaimedDelivery>> RunAsync(
        CoreOnSqlite core,
        IReadOnlyList<ClaimedDelivery> claims,
        TimeSpan within
    ) =>
        core.Get<DeliveryBatch>()
            .RunAsync(claims, core.Time.GetUtcNow() + within, CoreOnSqlite.Cancellation);

    private static async Task<List<EventId>> PostAsync(CoreOnSqlite core, int count)
    {
        var ids = new List<EventId>();
        for (var i = 0; i < count; i++)
        {
            ids.Add(await core.PostAsync());
        }

        return ids;
    }

    private static async Task<List<ClaimedDelivery>> ReceiveAsync(CoreOnSqlite core, int count)
    {
        var claims = new List<ClaimedDelivery>();
        while (claims.Count < count)
        {
            claims.AddRange(
                await core.Queue.ReceiveAsync(count - claims.Count, CoreOnSqlite.Cancellation)
            );
        }

        return claims;
    }

    private static void InterlockedMax(ref int target, int value)
    {
        int seen;
        do
        {
            seen = Volatile.Read(ref target);
        } while (seen < value && Interlocked.CompareExchange(ref target, value, seen) != seen);
    }
}
