using System.Collections.Concurrent;

namespace WebhookDelivery.Core.Tests;

/// <summary>Real threads on one dispatcher: nothing lost, nothing twice, no cap passed, nothing kept.</summary>
public sealed class DispatcherStressTests
{
    private const int Endpoints = 12;
    private const int Claims = 40_000;
    private const int ProcessMax = 9;
    private const int TenantMax = 5;
    private const int EndpointMax = 2;

    private readonly ConcurrentDictionary<ClaimedDelivery, int> _done = new();
    private readonly ConcurrentDictionary<string, int> _inFlight = new();
    private readonly ConcurrentQueue<string> _faults = new();
    private readonly Dispatcher _dispatcher = new(
        new DeliveryOptions { MaxInFlight = ProcessMax, MaxInFlightPerTenant = TenantMax },
        new StubSender()
    );

    private int _left = Claims;
    private int _ticks;

    [Fact]
    public async Task TryTake_ManyThreads_HandsOutEachClaimOnceWithinTheCaps()
    {
        var threads = Enumerable
            .Range(0, 2)
            .Select(i => Task.Run(() => Offer(i)))
            .Concat(Enumerable.Range(0, 4).Select(i => Task.Run(() => Work(new Random(i)))))
            .Append(Task.Run(HoldAndResume));
        await Task.WhenAll(threads).WaitAsync(TimeSpan.FromMinutes(2));

        Assert.Empty(_faults);
        Assert.Equal(Claims, _done.Count);
        Assert.All(_done.Values, times => Assert.Equal(1, times));
        Assert.Equal(0, _dispatcher.InFlight);
        Assert.False(_dispatcher.TryTake(Now().AddDays(1), out _));
        Assert.Equal(DispatcherProbe.Empty, DispatcherProbe.Held(_dispatcher));
    }

    private static EndpointKey Key(int endpoint) =>
        new(TenantId.Parse($"tenant-{endpoint % 3}"), Sample.EndpointId(endpoint));

    private DateTimeOffset Now() => Sample.Now.AddMilliseconds(Interlocked.Increment(ref _ticks));

    private void Offer(int part)
    {
        for (var i = part; i < Claims; i += 2)
        {
            var endpoint = i % Endpoints;
            double? rate = endpoint % 4 == 0 ? 900 : null;
            _dispatcher.Offer(
                Sample.Claim(Key(endpoint), i),
                new EndpointLimits(EndpointMax, rate),
                Now()
            );
        }
    }

    private void Work(Random random)
    {
        while (Volatile.Read(ref _left) > 0 && _faults.IsEmpty)
        {
            if (!_dispatcher.TryTake(Now(), out var claim))
            {
                Thread.Yield();
                continue;
            }

            var key = claim.Due.Key.Endpoint;
            Enter("process", ProcessMax);
            Enter(key.TenantId.Value, TenantMax);
            Enter(key.EndpointId.ToString(), EndpointMax);
            Thread.SpinWait(random.Next(50));
            Leave("process");
            Leave(key.TenantId.Value);
            Leave(key.EndpointId.ToString());
            if (random.Next(10) == 0)
            {
                var now = Now();
                _dispatcher.Return(claim, now.AddMilliseconds(random.Next(20)), now);
                continue;
            }

            _done.AddOrUpdate(claim, 1, (_, times) => times + 1);
            _dispatcher.Release(key, null, Now());
            Interlocked.Decrement(ref _left);
        }
    }

    private void HoldAndResume()
    {
        while (Volatile.Read(ref _left) > 0 && _faults.IsEmpty)
        {
            _dispatcher.Hold();
            Thread.Yield();
            _dispatcher.Resume();
            Thread.Sleep(1);
        }
    }

    private void Enter(string what, int max)
    {
        if (_inFlight.AddOrUpdate(what, 1, (_, count) => count + 1) > max)
        {
            _faults.Enqueue($"More than {max} under way for {what}.");
        }
    }

    private void Leave(string what) => _inFlight.AddOrUpdate(what, 0, (_, count) => count - 1);
}
