using System.Diagnostics;
using WebhookDelivery.Core;

namespace WebhookDelivery.Contracts;

/// <summary>
/// What every <see cref="IDeliveryQueue"/> keeps: deliveries come at least once, when they are due,
/// and not while somebody has them. Waits are real only for as long as an engine takes to hand over.
/// </summary>
public abstract class DeliveryQueueContract : PortContract
{
    // What a sweeper heals, it may leave alone for a while after its time: a message may be on its way.
    private static readonly TimeSpan Grace = TimeSpan.FromMinutes(5);

    /// <summary>How long the engine may take to hand over what is due, in real time.</summary>
    protected virtual TimeSpan Patience => TimeSpan.FromSeconds(30);

    /// <summary>How long nothing must come for it to count as nothing, in real time.</summary>
    protected virtual TimeSpan Quiet => TimeSpan.FromMilliseconds(300);

    [Fact]
    public async Task Enqueue_WhatIsDue_IsReceived()
    {
        var key = await AppendOneAsync();
        var due = NewDue(key) with { TraceParent = "00-aa-bb-01" };
        await Queue.EnqueueAsync([due], None);

        var claim = Assert.Single(await ReceiveAsync(1));

        Assert.Equal(due, claim.Due with { Payload = due.Payload });
        Assert.True(
            claim.Due.Payload is null
                || claim.Due.Payload.Value.Span.SequenceEqual(due.Payload!.Value.Span)
        );
    }

    [Fact]
    public async Task Enqueue_SeveralAtOnce_AreAllReceived()
    {
        var tenant = await AddTenantAsync();
        var dues = new List<DueDelivery>();
        for (var i = 0; i < 25; i++)
        {
            dues.Add(NewDue(await AppendOneAsync(tenant)));
        }

        await Queue.EnqueueAsync(dues, None);
        var claims = await ReceiveAsync(25);
        Assert.Equal(dues.Select(due => due.Key).ToHashSet(), Keys(claims));
    }

    [Fact]
    public async Task Receive_UpToAMaximum_GivesNoMore()
    {
        var tenant = await AddTenantAsync();
        var dues = new List<DueDelivery>();
        for (var i = 0; i < 5; i++)
        {
            dues.Add(NewDue(await AppendOneAsync(tenant)));
        }

        await Queue.EnqueueAsync(dues, None);
        using var patience = new CancellationTokenSource(Patience);
        var first = await Queue.ReceiveAsync(2, patience.Token);
        Assert.InRange(first.Count, 1, 2);
    }

    [Fact]
    public async Task Receive_WithNothingDue_WaitsUntilSomethingIs()
    {
        using var patience = new CancellationTokenSource(Patience);
        var receiving = Queue.ReceiveAsync(10, patience.Token).AsTask();
        var key = await AppendOneAsync();
        Assert.False(receiving.IsCompleted);
        await Queue.EnqueueAsync([NewDue(key)], None);
        Assert.Equal(key, Assert.Single(await receiving).Due.Key);
    }

    [Fact]
    public async Task Receive_Cancelled_ClaimsNothing()
    {
        using var cancelled = new CancellationTokenSource();
        var receiving = Queue.ReceiveAsync(10, cancelled.Token).AsTask();
        await cancelled.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => receiving);
        var key = await AppendOneAsync();
        await Queue.EnqueueAsync([NewDue(key)], None);
        Assert.Equal([key], Keys(await ReceiveAsync(1)));
    }

    [Fact]
    public async Task Receive_WhatIsClaimed_GivesItToNobodyElse()
    {
        var key = await AppendOneAsync();
        await Queue.EnqueueAsync([NewDue(key)], None);
        await ReceiveAsync(1);
        await Queue.SweepAsync(Now, None);
        await AssertNothingComesAsync();
    }

    [Fact]
    public async Task Complete_AfterTheOutcome_EndsIt()
    {
        var key = await AppendOneAsync();
        await Queue.EnqueueAsync([NewDue(key)], None);
        var claim = Assert.Single(await ReceiveAsync(1));
        Assert.True(await DeliverAsync(key));
        await Queue.CompleteAsync(claim, None);
        await Queue.CompleteAsync(claim, None);
        Time.Advance(TimeSpan.FromHours(1));
        await Queue.SweepAsync(Now, None);
        await AssertNothingComesAsync();
    }

    [Fact]
    public async Task Enqueue_WhatIsQueuedAlready_ComesOnceToACompletedOutcome()
    {
        var key = await AppendOneAsync();
        await Queue.EnqueueAsync([NewDue(key)], None);
        await Queue.EnqueueAsync([NewDue(key), NewDue(key)], None);
        var outcomes = 0;
        foreach (var claim in await ReceiveAllAsync())
        {
            outcomes += await DeliverAsync(claim.Due.Key) ? 1 : 0;
            await Queue.CompleteAsync(claim, None);
        }

        Assert.Equal(1, outcomes);
    }

    [Fact]
    public async Task Enqueue_WhatIsDueLater_ComesThenAndNotBefore()
    {
        var key = await AppendOneAsync();
        var claim = await ClaimAsync(key);
        var next = Now.AddMinutes(30);
        Assert.True(await FailAsync(key, next));
        await Queue.EnqueueAsync([NewDue(key, attempt: 2) with { DueAt = next }], None);
        await Queue.CompleteAsync(claim, None);

        Time.Advance(TimeSpan.FromMinutes(30) - TimeSpan.FromMilliseconds(1));
        await Queue.SweepAsync(Now, None);
        await AssertNothingComesAsync();
        Time.Advance(TimeSpan.FromMilliseconds(1) + Grace);

        var again = Assert.Single(await SweepAndReceiveAsync(1));
        Assert.Equal((key, 1, 2), (again.Due.Key, again.Due.Generation, again.Due.Attempt));
    }

    [Fact]
    public async Task Enqueue_ARetryWhileItIsClaimed_IsNotLost()
    {
        var key = await AppendOneAsync();
        var claim = await ClaimAsync(key);
        var next = Now.AddSeconds(1);
        Assert.True(await FailAsync(key, next));
        await Queue.EnqueueAsync([NewDue(key, attempt: 2) with { DueAt = next }], None);
        Time.Advance(Grace);
        await Queue.CompleteAsync(claim, None);
        var again = Assert.Single(await SweepAndReceiveAsync(1));
        Assert.Equal((key, 2), (again.Due.Key, again.Due.Attempt));
    }

    [Fact]
    public async Task Enqueue_ANewGenerationWhileItIsClaimed_IsNotLost()
    {
        var key = await AppendOneAsync();
        var claim = await ClaimAsync(key);
        var restarted = await Events.RestartAsync(key, null, null, false, Now, None);
        await Queue.EnqueueAsync([restarted!], None);
        Assert.False(await DeliverAsync(key));
        await Queue.CompleteAsync(claim, None);
        Time.Advance(Grace);
        var again = Assert.Single(await SweepAndReceiveAsync(1));
        Assert.Equal((key, 2, 1), (again.Due.Key, again.Due.Generation, again.Due.Attempt));
    }

    [Fact]
    public async Task Enqueue_WhatWasResumedWhileItIsClaimed_IsNotLost()
    {
        var key = await AppendOneAsync();
        var claim = await ClaimAsync(key);
        Assert.True(await ParkAsync(key));
        var resumed = await Events.ResumeAsync(key.Endpoint, 10, DuePace.AtOnce(Now), None);
        await Queue.EnqueueAsync(resumed, None);
        await Queue.CompleteAsync(claim, None);
        Time.Advance(Grace);
        Assert.Equal([key], Keys(await SweepAndReceiveAsync(1)));
    }

    [Fact]
    public async Task Withdraw_OfWhatWasCancelled_ComesMarkedIfItComesAtAll()
    {
        var key = await AppendOneAsync();
        await Queue.CompleteAsync(await ClaimAsync(key), None);
        Assert.True(await FailAsync(key, Now));
        await Queue.EnqueueAsync([NewDue(key, attempt: 2)], None);
        Assert.True(await Events.CancelDeliveryAsync(key, null, ReasonCode.Cancelled, Now, None));
        await Queue.WithdrawAsync(key, None);
        await Queue.WithdrawAsync(key, None);
        Assert.All(await ReceiveAllAsync(), claim => Assert.True(claim.MayBeStale(Now)));
    }

    [Fact]
    public async Task Withdraw_OfWhatIsClaimed_LeavesTheClaimMarkedAndItsNextStageAlone()
    {
        var key = await AppendOneAsync();
        await Queue.CompleteAsync(await ClaimAsync(key), None);
        Assert.True(await FailAsync(key, Now));
        await Queue.EnqueueAsync([NewDue(key, attempt: 2)], None);
        var claim = Assert.Single(await ReceiveAsync(1));
        var restarted = await Events.RestartAsync(key, null, null, false, Now, None);
        await Queue.EnqueueAsync([restarted!], None);
        // Word of what came before may come late.
        await Queue.WithdrawAsync(key, None);
        Assert.True(claim.MayBeStale(Now));
        await Queue.CompleteAsync(claim, None);
        await Queue.WithdrawAsync(key, None);
        Time.Advance(Grace);
        var again = Assert.Single(await SweepAndReceiveAsync(1));
        Assert.Equal((key, 2, 1), (again.Due.Key, again.Due.Generation, again.Due.Attempt));
    }

    [Theory]
    [InlineData(EventSource.Live, false)]
    [InlineData(EventSource.Redeliver, false)]
    [InlineData(EventSource.Recover, true)]
    [InlineData(EventSource.Replay, true)]
    [InlineData(EventSource.Live, true)]
    public async Task Enqueue_OfASource_KeepsItAndWhetherItIsABacklog(
        EventSource source,
        bool backlog
    )
    {
        var due = NewDue(await AppendOneAsync()) with { Source = source, Backlog = backlog };
        await Queue.EnqueueAsync([due], None);
        var claim = Assert.Single(await ReceiveAsync(1));
        Assert.Equal((source, backlog), (claim.Due.Source, claim.Due.Backlog));
    }

    [Fact]
    public async Task Sweep_OfWhatWasRestartedOrResumed_KnowsItsSource()
    {
        var tenant = await AddTenantAsync();
        var recovered = await AppendOneAsync(tenant);
        var resumed = await AppendOneAsync(tenant);
        await Events.RestartAsync(
            new DeliveryRestart
            {
                Key = recovered,
                Source = EventSource.Recover,
                DueAt = Now.AddMinutes(30),
                Now = Now,
            },
            None
        );
        Assert.True(await ParkAsync(resumed));
        var pace = DuePace.AtOnce(Now.AddMinutes(30));
        Assert.Single(await Events.ResumeAsync(resumed.Endpoint, 1, pace, None));
        Time.Advance(TimeSpan.FromMinutes(30) + Grace);

        var claims = (await SweepAndReceiveAsync(2)).DistinctBy(each => each.Due.Key);

        Assert.Equal(
            new[] { (recovered, EventSource.Recover, true), (resumed, EventSource.Live, true) },
            claims
                .Select(each => (each.Due.Key, each.Due.Source, each.Due.Backlog))
                .OrderBy(each => each.Key == resumed)
        );
    }

    [Fact]
    public async Task Postpone_AClaim_ComesAgainThenWithItsStage()
    {
        var key = await AppendOneAsync();
        var claim = await ClaimAsync(key);
        var until = Now.AddMinutes(10);
        await Queue.PostponeAsync(claim, until, None);
        await Queue.PostponeAsync(claim, until, None);

        Time.Advance(TimeSpan.FromMinutes(10) - TimeSpan.FromMilliseconds(1));
        await AssertNothingComesAsync();
        Time.Advance(TimeSpan.FromMilliseconds(1) + Grace);

        var again = Assert.Single(await SweepAndReceiveAsync(1));
        Assert.Equal((key, 1, 1), (again.Due.Key, again.Due.Generation, again.Due.Attempt));
        Assert.Equal(0, (await DeliveryAsync(key)).Attempts);
    }

    [Fact]
    public async Task Postpone_UntilNow_ComesAtOnce()
    {
        var key = await AppendOneAsync();
        await Queue.PostponeAsync(await ClaimAsync(key), Now, None);
        Assert.Equal([key], Keys(await ReceiveAsync(1)));
    }

    [Fact]
    public async Task DeadLetter_Repeated_BringsNothingBack()
    {
        var key = await AppendOneAsync();
        var claim = await ClaimAsync(key);
        Assert.True(await KillAsync(key));
        await Queue.DeadLetterAsync(claim.Due, ReasonCode.HttpStatus, None);
        await Queue.DeadLetterAsync(claim.Due, ReasonCode.HttpStatus, None);
        await Queue.CompleteAsync(claim, None);
        Time.Advance(TimeSpan.FromHours(1));
        await Queue.SweepAsync(Now, None);
        await AssertNothingComesAsync();
    }

    [Fact]
    public async Task Sweep_OfARetryThatWasNeverEnqueued_FindsIt()
    {
        var key = await AppendOneAsync();
        var claim = await ClaimAsync(key);
        Assert.True(await FailAsync(key, Now.AddMinutes(1)));
        await Queue.CompleteAsync(claim, None);
        Time.Advance(TimeSpan.FromMinutes(1) + Grace);
        var again = Assert.Single(await SweepAndReceiveAsync(1));
        Assert.Equal((key, 2), (again.Due.Key, again.Due.Attempt));
    }

    [Fact]
    public async Task Sweep_Concurrently_IsHarmless()
    {
        var key = await AppendOneAsync();
        var claim = await ClaimAsync(key);
        Assert.True(await FailAsync(key, Now.AddMinutes(1)));
        await Queue.CompleteAsync(claim, None);
        Time.Advance(TimeSpan.FromMinutes(1) + Grace);
        await Task.WhenAll(
            Enumerable
                .Range(0, 4)
                .Select(_ => Task.Run(async () => await Queue.SweepAsync(Now, None)))
        );
        var outcomes = 0;
        foreach (var again in await ReceiveAllAsync())
        {
            outcomes += await DeliverAsync(again.Due.Key, again.Due.Attempt) ? 1 : 0;
            await Queue.CompleteAsync(again, None);
        }

        Assert.Equal(1, outcomes);
    }

    [Fact]
    public async Task Receive_OfALongBacklogAndAShortOne_LetsBothThrough()
    {
        var tenant = await AddTenantAsync();
        var busy = NewEndpointId();
        var dues = new List<DueDelivery>();
        for (var i = 0; i < 200; i++)
        {
            var @event = await AppendAsync(tenant, busy);
            dues.Add(NewDue(new DeliveryKey(tenant, @event.Id, busy)));
        }

        var quiet = await AppendOneAsync();
        await Queue.EnqueueAsync(dues, None);
        await Queue.EnqueueAsync([NewDue(quiet)], None);

        // Nothing is completed: the busy endpoint is hung.
        var received = new HashSet<DeliveryKey>();
        using var patience = new CancellationTokenSource(Patience);
        while (!received.Contains(quiet))
        {
            received.UnionWith(Keys(await Queue.ReceiveAsync(10, patience.Token)));
        }
    }

    protected async Task<ClaimedDelivery> ClaimAsync(DeliveryKey key)
    {
        await Queue.EnqueueAsync([NewDue(key)], None);
        return Assert.Single(await ReceiveAsync(1));
    }

    /// <summary>Receives until there are that many different deliveries.</summary>
    protected async Task<List<ClaimedDelivery>> ReceiveAsync(int count)
    {
        using var patience = new CancellationTokenSource(Patience);
        var claims = new Dictionary<DeliveryKey, ClaimedDelivery>();
        while (claims.Count < count)
        {
            foreach (var claim in await Queue.ReceiveAsync(10, patience.Token))
            {
                claims[claim.Due.Key] = claim;
            }
        }

        return [.. claims.Values];
    }

    /// <summary>Sweeps, as the sweeper does every so often, until there are that many.</summary>
    private async Task<List<ClaimedDelivery>> SweepAndReceiveAsync(int count)
    {
        var claims = new List<ClaimedDelivery>();
        var waiting = Stopwatch.StartNew();
        while (claims.Count < count && waiting.Elapsed < Patience)
        {
            await Queue.SweepAsync(Now, None);
            claims.AddRange(await ReceiveAllAsync());
        }

        return claims;
    }

    /// <summary>Receives until it is quiet.</summary>
    private async Task<List<ClaimedDelivery>> ReceiveAllAsync()
    {
        var claims = new List<ClaimedDelivery>();
        while (true)
        {
            using var quiet = new CancellationTokenSource(Quiet);
            try
            {
                claims.AddRange(await Queue.ReceiveAsync(10, quiet.Token));
            }
            catch (OperationCanceledException)
            {
                return claims;
            }
        }
    }

    private async Task AssertNothingComesAsync() => Assert.Empty(await ReceiveAllAsync());

    private static HashSet<DeliveryKey> Keys(IEnumerable<ClaimedDelivery> claims) =>
        [.. claims.Select(claim => claim.Due.Key)];
}
