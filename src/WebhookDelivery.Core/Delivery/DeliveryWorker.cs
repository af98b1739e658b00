using Microsoft.Extensions.Logging;

namespace WebhookDelivery.Core;

/// <summary>
/// Moves claims from the queue through the dispatcher to the runner: one feeder, and as many slots at
/// once as the dispatcher hands out claims. A slot that ends its claim takes the next one itself, so
/// that a busy worker needs no thread in the middle.
/// </summary>
public sealed class DeliveryWorker(
    IDeliveryQueue queue,
    Dispatcher dispatcher,
    DeliveryRunner runner,
    StorePersistence persistence,
    TenantDirectory directory,
    TaskScheduler scheduler,
    TimeProvider time,
    DeliveryOptions options,
    ILogger<DeliveryWorker> logger
) : IDisposable
{
    private const int ReceiveMax = 256;
    private static readonly TimeSpan PauseAfterFault = TimeSpan.FromSeconds(1);

    /// <summary>For how long what the dispatcher has no place for goes back to the queue, at least.</summary>
    private static readonly TimeSpan Refused = TimeSpan.FromSeconds(5);

    /// <summary>For how long what a fault left undone stands aside.</summary>
    private static readonly TimeSpan AfterFault = TimeSpan.FromMinutes(1);

    /// <summary>How often leases are looked at.</summary>
    private static readonly TimeSpan LeaseInterval = TimeSpan.FromSeconds(10);

    private readonly CancellationTokenSource _abort = new();
    private WakeTimer? _timer;
    private TaskCompletionSource? _roomWanted;
    private TaskCompletionSource? _idleWanted;

    /// <summary>
    /// Works until <paramref name="stopping"/> is cancelled, then takes nothing more on and waits up
    /// to <see cref="DeliveryOptions.DrainTimeout"/> for what is under way.
    /// </summary>
    public async Task RunAsync(CancellationToken stopping)
    {
        if (options.Paused)
        {
            DeliveryLog.Paused(logger);
            return;
        }

        _timer = new WakeTimer(time, StartSlots);
        persistence.Recovered = StartSlots;
        var watching = WatchLeasesAsync(stopping);
        await FeedAsync(stopping);
        persistence.Recovered = null;
        dispatcher.Hold();
        await watching;
        await GiveBackEndingAsync(DateTimeOffset.MaxValue);
        await DrainAsync();
    }

    /// <summary>Stops the wake-up timer. Call it after <see cref="RunAsync"/> has ended.</summary>
    public void Dispose()
    {
        _timer?.Dispose();
        _abort.Dispose();
    }

    private async Task FeedAsync(CancellationToken stopping)
    {
        while (!stopping.IsCancellationRequested)
        {
            try
            {
                var room = await WaitForRoomAsync(stopping);
                var claims = await queue.ReceiveAsync(Math.Min(room, ReceiveMax), stopping);
                await OfferAsync(claims);
            }
            catch (OperationCanceledException) when (stopping.IsCancellationRequested)
            {
                return;
            }
            catch (Exception exception)
            {
                // The feeder is the only one there is: whatever went wrong, it must go on.
                DeliveryLog.ReceiveFailed(logger, exception);
                await PauseAsync(stopping);
            }
        }
    }

    /// <summary>
    /// A claim whose lease nears its end goes back: somebody else would be given it while it waits
    /// here.
    /// </summary>
    private async Task WatchLeasesAsync(CancellationToken stopping)
    {
        using var timer = new PeriodicTimer(LeaseInterval, time);
        try
        {
            while (await timer.WaitForNextTickAsync(stopping))
            {
                await GiveBackEndingAsync(time.GetUtcNow() + options.LeaseMargin);
            }
        }
        catch (OperationCanceledException)
        {
            // Stopping: what is still held goes back at once.
        }
    }

    private async Task GiveBackEndingAsync(DateTimeOffset before)
    {
        var ending = dispatcher.TakeEnding(before, time.GetUtcNow());
        TellWaiters();
        await Task.WhenAll(ending.Select(each => GiveBackAsync(each.Claim, each.Until)));
    }

    /// <summary>
    /// No claim leaves this neither offered nor given back: it would be lost until a restart. What may
    /// go goes before what has no place is given back, which takes the queue's time.
    /// </summary>
    private async Task OfferAsync(IReadOnlyList<ClaimedDelivery> claims)
    {
        List<Task>? givenBack = null;
        foreach (var claim in claims)
        {
            try
            {
                if (!dispatcher.Offer(claim, await LimitsOfAsync(claim), time.GetUtcNow()))
                {
                    (givenBack ??= []).Add(GiveBackAsync(claim, time.GetUtcNow() + Refused));
                }
            }
            catch (Exception exception)
            {
                // One tenant's trouble (a store that refuses, a secret that cannot be opened) is not
                // the next one's.
                (givenBack ??= []).Add(GiveBackAsync(claim, exception));
            }
        }

        StartSlots();
        if (givenBack is not null)
        {
            await Task.WhenAll(givenBack);
        }
    }

    // One that is gone still passes through, for the runner to set it aside.
    private async ValueTask<EndpointLimits> LimitsOfAsync(ClaimedDelivery claim) =>
        await directory.FindEndpointAsync(claim.Due.Key, _abort.Token) is { } found
            ? EndpointLimits.Of(found.Endpoint, options)
            : new EndpointLimits(options.MaxInFlightPerEndpoint, null);

    private void StartSlots()
    {
        while (dispatcher.TryTake(time.GetUtcNow(), out var claim))
        {
            var taken = claim;
            new Task<Task>(() => RunSlotAsync(taken)).Start(scheduler);
        }

        ArmTimer();
    }

    /// <summary>
    /// One claim after another, in one state machine: what a busy slot awaits most is worth no second
    /// one.
    /// </summary>
    private async Task RunSlotAsync(ClaimedDelivery first)
    {
        ClaimedDelivery? claim = first;
        do
        {
            var result = default(RunResult);
            try
            {
                result = await runner.AttemptAsync(claim, persistence, _abort.Token);
            }
            catch (OperationCanceledException) when (_abort.IsCancellationRequested)
            {
                // Left as it is: the delivery is still open, and found again after a restart.
            }
            catch (Exception exception)
            {
                // A fault of ours, not of the receiver: give the claim back rather than lose it.
                await GiveBackAsync(claim, exception);
            }

            EndAttempt(claim, result);
            TellWaiters();
        } while (dispatcher.TryTake(time.GetUtcNow(), out claim));

        ArmTimer();
    }

    private void EndAttempt(ClaimedDelivery claim, RunResult result)
    {
        if (result.Settlement is { } settlement)
        {
            // Not awaited: the receiver's next request need not wait for this one's commit.
            dispatcher.BeginSettling();
            _ = SettleAsync(settlement);
        }

        var now = time.GetUtcNow();
        var more = result.PostponedUntil is { } until
            ? dispatcher.Return(claim, until, now, result.Hold)
            : dispatcher.Release(claim.Due.Key.Endpoint, result.Limits, now);
        if (more)
        {
            StartSlots();
        }
    }

    private async Task SettleAsync(Settlement settlement)
    {
        try
        {
            await runner.SettleAsync(settlement, persistence, _abort.Token);
        }
        catch (OperationCanceledException) when (_abort.IsCancellationRequested)
        {
            // The outcome could not be stored before the end: the attempt is made again.
        }
        catch (StoreUnavailableException exception) when (exception.IsDamage)
        {
            // Given back it would be sent again and again, and never recorded: its claim is held until
            // a restart.
            DeliveryLog.NotRecorded(logger, exception);
        }
        catch (Exception exception)
        {
            await GiveBackAsync(settlement.Claim, exception);
        }

        if (dispatcher.EndSettling())
        {
            StartSlots();
        }

        TellWaiters();
    }

    private void TellWaiters()
    {
        Volatile.Read(ref _roomWanted)?.TrySetResult();
        if (Volatile.Read(ref _idleWanted) is { } idle && dispatcher.UnderWay == 0)
        {
            idle.TrySetResult();
        }
    }

    /// <summary>
    /// What a fault of ours leaves undone is done later. A lease that ends by time is left to end, so
    /// that its queue counts how often that happened, and at last says that it is enough; but not in
    /// an outage, which is no delivery's fault.
    /// </summary>
    private async Task GiveBackAsync(ClaimedDelivery claim, Exception exception)
    {
        if (exception is StoreUnavailableException)
        {
            DeliveryLog.ReadRefused(logger, exception.Message);
        }
        else
        {
            DeliveryLog.RunFailed(logger, exception);
        }

        if (claim.LeaseEndsAt is null || exception is StoreUnavailableException)
        {
            await GiveBackAsync(claim, time.GetUtcNow() + AfterFault);
        }
    }

    private async Task GiveBackAsync(ClaimedDelivery claim, DateTimeOffset until)
    {
        try
        {
            await queue.PostponeAsync(claim, until, CancellationToken.None);
        }
        catch (Exception exception)
        {
            // The lease ends by itself, or with the process.
            DeliveryLog.RunFailed(logger, exception);
        }
    }

    private async ValueTask<int> WaitForRoomAsync(CancellationToken stopping)
    {
        while (true)
        {
            if (dispatcher.Room is > 0 and var room)
            {
                return room;
            }

            // Announced before looking again, so that a slot that ends in between is not missed.
            var wanted = new TaskCompletionSource(
                TaskCreationOptions.RunContinuationsAsynchronously
            );
            Volatile.Write(ref _roomWanted, wanted);
            if (dispatcher.Room == 0)
            {
                await using var stop = stopping.UnsafeRegister(Complete, wanted);
                await wanted.Task;
                stopping.ThrowIfCancellationRequested();
            }

            Volatile.Write(ref _roomWanted, null);
        }
    }

    private async Task DrainAsync()
    {
        if (!await IsIdleWithinAsync(options.DrainTimeout))
        {
            DeliveryLog.DrainEnded(logger, dispatcher.UnderWay);
            _abort.Cancel();
            await IsIdleWithinAsync(PauseAfterFault);
        }
    }

    /// <summary>Waits until nothing is under way, at most so long; false if something still is.</summary>
    private async Task<bool> IsIdleWithinAsync(TimeSpan limit)
    {
        var idle = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        Volatile.Write(ref _idleWanted, idle);
        if (dispatcher.UnderWay > 0)
        {
            await using var timer = time.CreateTimer(
                Complete,
                idle,
                limit,
                Timeout.InfiniteTimeSpan
            );
            await idle.Task;
        }

        return dispatcher.UnderWay == 0;
    }

    /// <summary>
    /// Ends a wait. A wait has one task, which whatever ends it completes: to wait for the first of
    /// several goes by way of the thread pool, where no simulation's seed decides.
    /// </summary>
    private static void Complete(object? wanted) => ((TaskCompletionSource)wanted!).TrySetResult();

    private async Task PauseAsync(CancellationToken stopping)
    {
        try
        {
            await Task.Delay(PauseAfterFault, time, stopping);
        }
        catch (OperationCanceledException)
        {
            // Stopping: the loop sees it.
        }
    }

    /// <summary>Wakes the worker when the first lane that stands aside may run again.</summary>
    private void ArmTimer()
    {
        if (dispatcher.NextWake is { } wake)
        {
            _timer?.Arm(wake);
        }
    }
}
