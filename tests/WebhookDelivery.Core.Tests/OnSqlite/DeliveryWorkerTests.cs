using System.Collections.Concurrent;

namespace WebhookDelivery.Core.Tests;

public sealed class DeliveryWorkerTests
{
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(30);

    [Fact]
    public async Task Run_ManyTenantsAndEvents_DeliversEachExactlyOnce()
    {
        await using var core = new CoreOnSqlite();
        var seen = new ConcurrentBag<string>();
        core.Sender.Script = async (request, _) =>
        {
            await Task.Yield();
            seen.Add(request.Headers.First(header => header.Key == "webhook-id").Value);
            return ScriptedSender.Answer(200);
        };
        var posted = new List<string>();
        for (var tenant = 0; tenant < 5; tenant++)
        {
            await core.AddTenantAsync($"tenant-{tenant}");
        }

        await using var running = new Running(core);
        for (var i = 0; i < 2000; i++)
        {
            posted.Add((await core.PostAsync(tenant: $"tenant-{i % 5}")).ToString());
        }

        await UntilAsync(() => seen.Count >= 2000);
        await running.DisposeAsync();
        Assert.Equal(posted.Order(), seen.Order());
    }

    [Fact]
    public async Task Run_OneEndpointHangs_TheOthersAreServedAndItHoldsOnlyItsSlots()
    {
        await using var core = new CoreOnSqlite(
            new DeliveryOptions { MaxInFlight = 16, MaxInFlightPerEndpoint = 4 }
        );
        await core.AddTenantAsync("hung", new EndpointDraft { Url = "https://hung.example/" });
        await core.AddTenantAsync("well", new EndpointDraft { Url = "https://well.example/" });
        var release = new TaskCompletionSource();
        var (hanging, served) = (0, 0);
        core.Sender.Script = async (request, cancellation) =>
        {
            if (request.Url.Host == "hung.example")
            {
                Interlocked.Increment(ref hanging);
                await release.Task.WaitAsync(cancellation);
            }
            else
            {
                Interlocked.Increment(ref served);
            }

            return ScriptedSender.Answer(200);
        };
        for (var i = 0; i < 100; i++)
        {
            await core.PostAsync(tenant: "hung");
        }

        await using var running = new Running(core);
        for (var i = 0; i < 100; i++)
        {
            await core.PostAsync(tenant: "well");
        }

        await UntilAsync(() => Volatile.Read(ref served) == 100);
        Assert.Equal(4, Volatile.Read(ref hanging));
        release.SetResult();
        await UntilAsync(() => Volatile.Read(ref hanging) == 100);
    }

    [Fact]
    public async Task Run_OneTenantsSecretCannotBeOpened_TheOthersAreServed()
    {
        await using var core = new CoreOnSqlite();
        var broken = await core.AddTenantAsync("broken");
        await core.AddTenantAsync("well");
        var ids = new List<EventId>();
        for (var i = 0; i < 20; i++)
        {
            await core.PostAsync(tenant: "broken");
            ids.Add(await core.PostAsync(tenant: "well"));
        }

        var bytes = broken.Secrets[0].Value.Bytes.ToArray();
        bytes[^1] ^= 1;
        var spoilt = new EndpointSecret(new SealedValue(1, bytes), null);
        Assert.True(
            await core.Get<ITenantStore>()
                .SaveEndpointAsync(
                    broken with
                    {
                        Version = 2,
                        Secrets = [spoilt],
                    },
                    CoreOnSqlite.Cancellation
                )
        );
        core.Get<TenantDirectory>().Forget(broken.Key.TenantId);

        await using var running = new Running(core);
        await UntilAsync(() => core.Sender.Requests.Count == 20);
        Assert.All(
            core.Sender.Requests,
            request => Assert.Equal("well", request.Endpoint.TenantId.Value)
        );
        Assert.NotEmpty(ids);
    }

    [Fact]
    public async Task Run_OnePayloadCannotBeRead_TheOthersAreServed()
    {
        FaultyEventStore? faulty = null;
        await using var core = new CoreOnSqlite(wrap: store =>
            faulty = new FaultyEventStore(store)
        );
        await core.AddTenantAsync("large");
        await core.AddTenantAsync("well");
        Assert.NotNull(core.Store);
        faulty!.PayloadsUnreadable = true;
        var large = "{\"x\":\"" + new string('x', 64 * 1024) + "\"}";
        await core.PostAsync(large, "large");
        await using var running = new Running(core);
        for (var i = 0; i < 20; i++)
        {
            await core.PostAsync(tenant: "well");
        }

        await UntilAsync(() => core.Sender.Requests.Count == 20);
        faulty.PayloadsUnreadable = false;
        await UntilAsync(() =>
        {
            core.Time.Advance(TimeSpan.FromSeconds(10));
            return core.Sender.Requests.Count == 21;
        });
    }

    [Fact]
    public async Task Run_StoreComesBackAfterAnOutage_GoesOnWithEverySlot()
    {
        FaultyEventStore? faulty = null;
        await using var core = new CoreOnSqlite(wrap: store =>
            faulty = new FaultyEventStore(store)
        );
        await core.AddTenantAsync();
        await using var running = new Running(core);
        faulty!.RecordFailures = 5;
        for (var i = 0; i < 200; i++)
        {
            await core.PostAsync();
        }

        await UntilAsync(() =>
        {
            core.Time.Advance(TimeSpan.FromSeconds(1));
            return core.Sender.Requests.Count == 200 && core.Get<Dispatcher>().UnderWay == 0;
        });
        Assert.True(await core.NothingDueAsync());
    }

    [Fact]
    public async Task Run_AnOutcomeMeetsDamage_IsNotSentAgainAndTheOthersAreServed()
    {
        FaultyEventStore? faulty = null;
        await using var core = new CoreOnSqlite(wrap: store =>
            faulty = new FaultyEventStore(store)
        );
        await core.AddTenantAsync("hit");
        await core.AddTenantAsync("well");
        var hit = await core.PostAsync(tenant: "hit");
        faulty!.Damaged = hit;
        await using var running = new Running(core);
        for (var i = 0; i < 20; i++)
        {
            await core.PostAsync(tenant: "well");
        }

        var minutes = 0;
        await UntilAsync(() =>
        {
            core.Time.Advance(TimeSpan.FromMinutes(1));
            return ++minutes > 5 && core.Sender.Requests.Count >= 21;
        });
        Assert.Single(core.Sender.Requests, request => request.Endpoint.TenantId.Value == "hit");
        Assert.Equal(21, core.Sender.Requests.Count);
    }

    [Fact]
    public async Task Run_Stopped_TakesNothingMoreOnAndAbortsWhatOutlastsTheDrain()
    {
        await using var core = new CoreOnSqlite();
        await core.AddTenantAsync();
        var aborted = new TaskCompletionSource();
        core.Sender.Script = async (_, cancellation) =>
        {
            cancellation.Register(() => aborted.TrySetResult());
            await Task.Delay(Timeout.Infinite, cancellation);
            return ScriptedSender.Answer(200);
        };
        var id = await core.PostAsync();
        var running = new Running(core);
        await UntilAsync(() => core.Sender.Requests.Count == 1);

        var stopped = running.DisposeAsync().AsTask();
        Assert.False(aborted.Task.IsCompleted);
        await UntilAsync(() =>
        {
            core.Time.Advance(TimeSpan.FromSeconds(1));
            return stopped.IsCompleted;
        });
        await aborted.Task;
        Assert.Equal(DeliveryStatus.Pending, (await core.DeliveryOfAsync(id)).Status);
    }

    [Fact]
    public async Task Run_ClockSetBackADay_EndpointWithARateGoesOn()
    {
        await using var core = new CoreOnSqlite();
        await core.AddTenantAsync(
            "acme",
            new EndpointDraft { Url = "https://acme.example/hook", RateLimitPerSecond = 1 }
        );
        for (var i = 0; i < 5; i++)
        {
            await core.PostAsync();
        }

        await using var running = new Running(core);
        await UntilAsync(() => core.Get<Dispatcher>().NextWake is not null);
        core.Time.SetUtcNow(core.Time.GetUtcNow().AddDays(-1));
        var elapsed = TimeSpan.Zero;
        await UntilAsync(() =>
        {
            core.Time.Advance(TimeSpan.FromSeconds(1));
            elapsed += TimeSpan.FromSeconds(1);
            return core.Sender.Requests.Count == 5;
        });
        Assert.InRange(elapsed, TimeSpan.Zero, TimeSpan.FromHours(12));
    }

    private static async Task UntilAsync(Func<bool> condition)
    {
        var end = TimeProvider.System.GetUtcNow() + s_patience;
        while (!condition())
        {
            Assert.True(TimeProvider.System.GetUtcNow() < end, "It did not come to pass in time.");
            await Task.Delay(5, CoreOnSqlite.Cancellation);
        }
    }
}
