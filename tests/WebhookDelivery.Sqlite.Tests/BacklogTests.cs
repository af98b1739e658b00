using WebhookDelivery.Contracts;
using WebhookDelivery.Core;

namespace WebhookDelivery.Sqlite.Tests;

/// <summary>What the embedded queue adds to its contract: bounded memory over any backlog.</summary>
public sealed class BacklogTests : IAsyncDisposable
{
    private readonly EngineHarness _harness = new();

    private static CancellationToken None => CancellationToken.None;

    public ValueTask DisposeAsync() => _harness.DisposeAsync();

    [Fact]
    public async Task Receive_OfABacklogPastTheWindow_GivesEachExactlyOnce()
    {
        var random = new Random(7);
        var dues = await _harness.AppendManyAsync(_harness.NewEndpointId(), 20_000);
        await _harness.Queue.EnqueueAsync(dues, None);
        var seen = new HashSet<DeliveryKey>();
        var claimed = new List<ClaimedDelivery>();
        while (seen.Count < dues.Length)
        {
            foreach (var claim in await _harness.ReceiveAsync(random.Next(1, 200)))
            {
                Assert.True(seen.Add(claim.Due.Key));
                claimed.Add(claim);
            }

            Assert.InRange(_harness.Engine.DeliveriesHeld, 0, _harness.Options.EndpointWindowMax);
            await CompleteSomeAsync(claimed, random);
        }

        await CompleteAllAsync(claimed);
        await _harness.Queue.SweepAsync(_harness.Now, None);
        Assert.True(await _harness.IsQuietAsync());
        Assert.Equal(0, _harness.Engine.DeliveriesHeld);
    }

    [Fact]
    public async Task Enqueue_DuringADrain_LosesNothingAndRepeatsNothing()
    {
        var endpoint = _harness.NewEndpointId();
        const int Count = 6000;
        var producing = Task.Run(async () =>
        {
            for (var i = 0; i < Count / 50; i++)
            {
                var dues = await _harness.AppendManyAsync(endpoint, 50);
                await _harness.Queue.EnqueueAsync(dues, None);
            }
        });
        var seen = new HashSet<DeliveryKey>();
        while (seen.Count < Count)
        {
            var claims = await _harness.ReceiveAsync(64);
            foreach (var claim in claims)
            {
                Assert.True(seen.Add(claim.Due.Key));
            }

            await CompleteAllAsync([.. claims]);
        }

        await producing;
        Assert.True(await _harness.IsQuietAsync());
    }

    [Fact]
    public async Task Open_OverABacklog_ReadsAWindowOnly()
    {
        var endpoint = _harness.NewEndpointId();
        var dues = await _harness.AppendManyAsync(endpoint, 5000);
        await _harness.CloseAsync();
        _harness.Open();
        Assert.Equal(0, _harness.Engine.DeliveriesHeld);
        var seen = new HashSet<DeliveryKey>();
        while (seen.Count < dues.Length)
        {
            var claims = await _harness.ReceiveAsync(100);
            Assert.InRange(_harness.Engine.DeliveriesHeld, 1, _harness.Options.EndpointWindowMax);
            foreach (var claim in claims)
            {
                Assert.True(seen.Add(claim.Due.Key));
                Assert.Equal(100, claim.Due.Payload!.Value.Length);
            }

            await CompleteAllAsync([.. claims]);
        }
    }

    [Fact]
    public async Task Receive_OfAHungEndpoint_GoesOnWithTheOthers()
    {
        var hung = _harness.NewEndpointId();
        await _harness.Queue.EnqueueAsync(await _harness.AppendManyAsync(hung, 3000), None);
        var healthy = await _harness.AppendManyAsync(_harness.NewEndpointId(), 3000);
        await _harness.Queue.EnqueueAsync(healthy, None);
        var seen = 0;
        while (seen < healthy.Length)
        {
            var claims = await _harness.ReceiveAsync(50);
            var others = claims.Where(claim => claim.Due.Key.EndpointId != hung).ToList();
            seen += others.Count;
            await CompleteAllAsync(others);
        }

        Assert.InRange(_harness.Engine.DeliveriesHeld, 1, _harness.Options.EndpointWindowMax);
    }

    [Fact]
    public async Task Receive_OfManyBusyEndpoints_SharesTheTotal()
    {
        await _harness.CloseAsync();
        _harness.Options = _harness.Options with { ClaimsMax = 400, EndpointWindowMax = 200 };
        _harness.Open();
        const int Endpoints = 20;
        for (var i = 0; i < Endpoints; i++)
        {
            var dues = await _harness.AppendManyAsync(_harness.NewEndpointId(), 300);
            await _harness.Queue.EnqueueAsync(dues, None);
        }

        var bound = 400 + (Endpoints * SqliteEngineOptions.EndpointWindowMin);
        var seen = new HashSet<DeliveryKey>();
        var random = new Random(3);
        var claimed = new List<ClaimedDelivery>();
        while (seen.Count < Endpoints * 300)
        {
            foreach (var claim in await _harness.ReceiveAsync(32))
            {
                Assert.True(seen.Add(claim.Due.Key));
                claimed.Add(claim);
            }

            Assert.InRange(_harness.Engine.DeliveriesHeld, 1, bound);
            await CompleteSomeAsync(claimed, random);
        }
    }

    [Fact]
    public async Task Receive_FromSeveralEndpoints_TakesThemInTurn()
    {
        var endpoints = Enumerable.Range(0, 4).Select(_ => _harness.NewEndpointId()).ToList();
        foreach (var endpoint in endpoints)
        {
            await _harness.Queue.EnqueueAsync(await _harness.AppendManyAsync(endpoint, 10), None);
        }

        var claims = await _harness.ReceiveAsync(4);
        Assert.Equal(4, claims.Select(claim => claim.Due.Key.EndpointId).Distinct().Count());
    }

    [Fact]
    public async Task Enqueue_ManyDueLater_HoldsNoneOfThem()
    {
        var endpoint = _harness.NewEndpointId();
        var next = _harness.Now.AddHours(1);
        var dues = await _harness.AppendManyAsync(endpoint, 3000);
        await Task.WhenAll(dues.Select(due => _harness.FailAsync(due, next).AsTask()));
        await _harness.Queue.EnqueueAsync(
            [.. dues.Select(due => due with { Attempt = 2, DueAt = next })],
            None
        );
        Assert.Equal(0, _harness.Engine.DeliveriesHeld);
        Assert.True(await _harness.IsQuietAsync());

        var waiting = _harness.ReceiveAsync(10);
        Assert.False(waiting.IsCompleted);
        _harness.Time.Advance(TimeSpan.FromHours(1));
        Assert.NotEmpty(await waiting);
    }

    [Fact]
    public async Task Postpone_AWholeWindow_ReadsNoFurtherUntilThen()
    {
        var endpoint = _harness.NewEndpointId();
        await _harness.Queue.EnqueueAsync(await _harness.AppendManyAsync(endpoint, 3000), None);
        var until = _harness.Now.AddMinutes(5);
        var postponed = 0;
        while (!await IsPostponedOutAsync())
        {
            Assert.InRange(postponed, 0, _harness.Options.EndpointWindowMax);
        }

        Assert.Equal(postponed, _harness.Engine.DeliveriesHeld);
        _harness.Time.Advance(TimeSpan.FromMinutes(5));
        Assert.NotEmpty(await _harness.ReceiveAsync(10));

        async Task<bool> IsPostponedOutAsync()
        {
            using var cancelled = new CancellationTokenSource();
            var receiving = _harness.Queue.ReceiveAsync(100, cancelled.Token).AsTask();
            if (!receiving.IsCompleted)
            {
                await cancelled.CancelAsync();
                await Assert.ThrowsAnyAsync<OperationCanceledException>(() => receiving);
                return true;
            }

            foreach (var claim in await receiving)
            {
                await _harness.Queue.PostponeAsync(claim, until, None);
                postponed++;
            }

            return false;
        }
    }

    [Fact]
    public async Task Postpone_WhatWasRestartedMeanwhile_ComesAsItIsNow()
    {
        var due = await _harness.AppendAsync(_harness.NewEndpointId());
        await _harness.Queue.EnqueueAsync([due], None);
        var claim = Assert.Single(await _harness.ReceiveAsync(1));
        var restarted = await _harness.Events.RestartAsync(
            due.Key,
            null,
            null,
            false,
            _harness.Now,
            None
        );
        await _harness.Queue.EnqueueAsync([restarted!], None);
        await _harness.Queue.PostponeAsync(claim, _harness.Now.AddMinutes(1), None);
        _harness.Time.Advance(TimeSpan.FromMinutes(1));
        Assert.Equal(2, Assert.Single(await _harness.ReceiveAsync(1)).Due.Generation);
    }

    [Fact]
    public async Task Enqueue_ALaterStageOfWhatIsReady_TakesItsPlace()
    {
        var due = await _harness.AppendAsync(_harness.NewEndpointId());
        await _harness.Queue.EnqueueAsync([due], None);
        var restarted = await _harness.Events.RestartAsync(
            due.Key,
            null,
            null,
            false,
            _harness.Now,
            None
        );
        await _harness.Queue.EnqueueAsync([restarted!], None);
        Assert.Equal(2, Assert.Single(await _harness.ReceiveAsync(10)).Due.Generation);
        Assert.True(await _harness.IsQuietAsync());
    }

    [Fact]
    public async Task Receive_AfterTheClockWentBack_LosesNothing()
    {
        var endpoint = _harness.NewEndpointId();
        var due = await _harness.AppendAsync(endpoint);
        _harness.Time.SetUtcNow(_harness.Now.AddHours(-1));
        await _harness.Queue.EnqueueAsync([due], None);
        Assert.True(await _harness.IsQuietAsync());
        var waiting = _harness.ReceiveAsync(1);
        _harness.Time.Advance(TimeSpan.FromHours(1));
        Assert.Equal(due.Key, Assert.Single(await waiting).Due.Key);
    }

    [Fact]
    public async Task Receive_BacklogAfterTheClockWentBack_WaitsAndLetsNewOnesGo()
    {
        var endpoint = _harness.NewEndpointId();
        var dues = await _harness.AppendManyAsync(endpoint, 5000);
        await _harness.Queue.EnqueueAsync(dues, None);
        var seen = (await _harness.ReceiveAsync(10)).ToList();
        _harness.Time.SetUtcNow(_harness.Now.AddHours(-1));
        var newer = await _harness.AppendAsync(endpoint);
        await _harness.Queue.EnqueueAsync([newer], None);
        await CompleteAllAsync([.. seen]);
        while (seen.TrueForAll(claim => claim.Due.Key != newer.Key))
        {
            var claims = await _harness.ReceiveAsync(100);
            seen.AddRange(claims);
            await CompleteAllAsync([.. claims]);
        }

        Assert.InRange(seen.Count, 11, dues.Length);
        _harness.Time.Advance(TimeSpan.FromHours(1));
        while (seen.Count <= dues.Length)
        {
            var claims = await _harness.ReceiveAsync(100);
            seen.AddRange(claims);
            await CompleteAllAsync([.. claims]);
        }

        Assert.Equal(dues.Length + 1, seen.Select(claim => claim.Due.Key).Distinct().Count());
    }

    [Fact]
    public async Task Receive_AfterTheClockWentForward_NoticesWithinAMinute()
    {
        var due = await _harness.AppendAsync(_harness.NewEndpointId());
        var next = _harness.Now.AddDays(1);
        Assert.True(await _harness.FailAsync(due, next));
        await _harness.Queue.EnqueueAsync([due with { Attempt = 2, DueAt = next }], None);
        var waiting = _harness.ReceiveAsync(1);
        _harness.Time.SetUtcNow(next);
        _harness.Time.Advance(TimeSpan.FromMinutes(1));
        Assert.Equal(2, Assert.Single(await waiting).Due.Attempt);
    }

    [Fact]
    public async Task Receive_RetryAfterTheClockWentForward_ComesOnTime()
    {
        var endpoint = _harness.NewEndpointId();
        var (late, soon) = (
            await _harness.AppendAsync(endpoint),
            await _harness.AppendAsync(endpoint)
        );
        await EnqueueRetryAsync(late, _harness.Now.AddDays(1));
        _harness.Time.SetUtcNow(_harness.Now.AddHours(1));
        await EnqueueRetryAsync(soon, _harness.Now.AddSeconds(5));
        var waiting = _harness.ReceiveAsync(1);
        _harness.Time.Advance(TimeSpan.FromSeconds(5));
        Assert.Equal(soon.Key, Assert.Single(await waiting).Due.Key);

        async Task EnqueueRetryAsync(DueDelivery due, DateTimeOffset at)
        {
            Assert.True(await _harness.FailAsync(due, at));
            await _harness.Queue.EnqueueAsync([due with { Attempt = 2, DueAt = at }], None);
        }
    }

    [Fact]
    public async Task Receive_PastThePayloadBudget_LeavesPayloadsToTheStore()
    {
        await _harness.CloseAsync();
        _harness.Options = _harness.Options with { PayloadMemoryBytesMax = 1000 };
        _harness.Open();
        var dues = await _harness.AppendManyAsync(_harness.NewEndpointId(), 50);
        await _harness.Queue.EnqueueAsync(dues, None);
        var claims = await _harness.ReceiveAsync(50);
        Assert.Equal(10, claims.Count(claim => claim.Due.Payload is not null));
        await CompleteAllAsync([.. claims]);
        var again = await _harness.AppendAsync(dues[0].Key.EndpointId);
        await _harness.Queue.EnqueueAsync([again], None);
        Assert.NotNull(Assert.Single(await _harness.ReceiveAsync(1)).Due.Payload);
    }

    [Fact]
    public async Task Receive_WhenRowsAreGone_GoesOn()
    {
        var endpoint = _harness.NewEndpointId();
        var dues = await _harness.AppendManyAsync(endpoint, 3000);
        await _harness.Queue.EnqueueAsync(dues, None);
        await _harness.ReceiveAsync(10);
        while (await _harness.Events.EraseAsync(_harness.Tenant, 1000, None) > 0) { }
        var left = _harness.Engine.DeliveriesHeld - 10;
        while (left > 0)
        {
            var claims = await _harness.ReceiveAsync(100);
            left -= claims.Count;
            foreach (var claim in claims)
            {
                Assert.False(await _harness.DeliverAsync(claim.Due));
                await _harness.Queue.CompleteAsync(claim, None);
            }
        }

        Assert.True(await _harness.IsQuietAsync());
    }

    [Fact]
    public async Task Receive_OfAnEndpointThatIsDone_ForgetsIt()
    {
        for (var i = 0; i < 50; i++)
        {
            var due = await _harness.AppendAsync(_harness.NewEndpointId());
            await _harness.Queue.EnqueueAsync([due], None);
            await CompleteAllAsync([.. await _harness.ReceiveAsync(1)]);
        }

        Assert.Equal(0, ((SqliteDeliveryQueue)_harness.Queue).Lanes);
    }

    private async Task CompleteSomeAsync(List<ClaimedDelivery> claimed, Random random)
    {
        var chosen = claimed.Where(_ => random.Next(3) > 0).ToList();
        await CompleteAllAsync(chosen);
        claimed.RemoveAll(chosen.Contains);
    }

    private async Task CompleteAllAsync(List<ClaimedDelivery> claims)
    {
        await Task.WhenAll(claims.Select(claim => _harness.DeliverAsync(claim.Due).AsTask()));
        foreach (var claim in claims)
        {
            await _harness.Queue.CompleteAsync(claim, None);
        }
    }
}
