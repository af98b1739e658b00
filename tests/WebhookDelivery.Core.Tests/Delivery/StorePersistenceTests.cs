using Microsoft.Extensions.Logging.Abstractions;
using WebhookDelivery.Testing;

namespace WebhookDelivery.Core.Tests;

public sealed class StorePersistenceTests : IDisposable
{
    private static readonly TimeSpan Second = TimeSpan.FromSeconds(1);

    private readonly ManualTimeProvider _clock = new(Sample.Now);
    private readonly Dispatcher _dispatcher = new(new DeliveryOptions(), new StubSender());
    private readonly StorePersistence _persistence;
    private readonly CancellationTokenSource _cancelled = new();
    private int _calls;
    private int _recovered;

    public StorePersistenceTests()
    {
        _persistence = new StorePersistence(
            _dispatcher,
            _clock,
            NullLogger<StorePersistence>.Instance
        )
        {
            Recovered = () => _recovered++,
        };
        _dispatcher.Offer(
            Sample.Claim(Sample.EndpointKey(1), 1),
            new EndpointLimits(1, null),
            _clock.GetUtcNow()
        );
    }

    public void Dispose() => _cancelled.Dispose();

    [Fact]
    public async Task InsistAsync_StoreAnswers_HoldsNothing()
    {
        Assert.Equal(1, await InsistAsync());
        Assert.Equal(1, _calls);
        Assert.Equal(0, _recovered);
        Assert.True(Takes());
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task InsistAsync_StoreUnavailable_HoldsTheDispatcherUntilItAnswers(bool late)
    {
        var result = InsistAsync(failures: 3, late: late);

        for (var tries = 1; tries <= 3; tries++)
        {
            await UntilAsync(() => _clock.Waiting == 1);
            Assert.Equal(tries, _calls);
            Assert.False(Takes());
            _clock.Advance(Second - TimeSpan.FromMilliseconds(1));
            Assert.Equal(tries, _calls);
            Assert.Equal(0, _recovered);
            _clock.Advance(TimeSpan.FromMilliseconds(1));
        }

        Assert.Equal(4, await result.WaitAsync(TimeSpan.FromSeconds(30)));
        Assert.Equal(1, _recovered);
        Assert.True(Takes());
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task InsistAsync_StoreIsDamaged_DoesNotWait(bool afterAnOutage)
    {
        var result = DamagedAsync();
        if (afterAnOutage)
        {
            await UntilAsync(() => _clock.Waiting == 1);
            _clock.Advance(Second);
        }

        await Assert.ThrowsAsync<StoreUnavailableException>(() =>
            result.WaitAsync(TimeSpan.FromSeconds(30))
        );
        Assert.True(Takes());

        async Task<int> DamagedAsync() =>
            await _persistence.InsistAsync<int, int>(
                Sample.Tenant,
                0,
                (_, _) =>
                    throw new StoreUnavailableException(
                        "Damaged.",
                        isDamage: !afterAnOutage || _calls++ > 0
                    ),
                _cancelled.Token
            );
    }

    [Fact]
    public async Task InsistAsync_RetryAfterVeryLong_PausesFiveSeconds()
    {
        var result = InsistAsync(failures: 1, retryAfter: TimeSpan.FromHours(1));
        await UntilAsync(() => _clock.Waiting == 1);
        _clock.Advance(TimeSpan.FromSeconds(5));
        Assert.Equal(2, await result.WaitAsync(TimeSpan.FromSeconds(30)));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(-1)]
    [InlineData(-5_000)]
    public async Task InsistAsync_RetryAfterNotAhead_PausesAllTheSame(int milliseconds)
    {
        // Without a pause an outage would be met by a busy loop; -1 ms would mean to wait forever.
        var retryAfter = TimeSpan.FromMilliseconds(milliseconds);
        var result = InsistAsync(failures: 2, retryAfter: retryAfter);
        for (var tries = 1; tries <= 2; tries++)
        {
            await UntilAsync(() => _clock.Waiting == 1 || result.IsCompleted);
            Assert.False(result.IsCompleted, $"{result.Exception}");
            Assert.Equal(tries, _calls);
            _clock.Advance(TimeSpan.FromMilliseconds(100));
        }

        Assert.Equal(3, await result.WaitAsync(TimeSpan.FromSeconds(30)));
    }

    [Fact]
    public async Task InsistAsync_SeveralFail_DispatcherIsHeldUntilTheLastRecovers()
    {
        var first = InsistAsync(failures: 1);
        var second = InsistAsync(failures: 1, retryAfter: TimeSpan.FromSeconds(3));
        await UntilAsync(() => _clock.Waiting == 2);

        _clock.Advance(Second);
        await first.WaitAsync(TimeSpan.FromSeconds(30));
        Assert.False(Takes());
        _clock.Advance(TimeSpan.FromSeconds(2));
        await second.WaitAsync(TimeSpan.FromSeconds(30));
        Assert.True(Takes());
    }

    [Fact]
    public async Task InsistAsync_Cancelled_GivesUpAndLetsGo()
    {
        var result = InsistAsync(failures: int.MaxValue);
        await UntilAsync(() => _clock.Waiting == 1);
        Assert.False(Takes());
        await _cancelled.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() =>
            result.WaitAsync(TimeSpan.FromSeconds(30))
        );
        Assert.Equal(1, _recovered);
        Assert.True(Takes());
    }

    [Fact]
    public async Task InsistAsync_WhileTheStoreRefusesOneTenant_HoldsThatOneOnly()
    {
        var calls = 0;
        var result = _persistence
            .InsistAsync(
                Sample.OtherTenant,
                0,
                (_, _) =>
                    (++calls) switch
                    {
                        1 => throw new StoreUnavailableException("Busy.", isOneTenants: true),
                        2 => throw new StoreUnavailableException("Down."),
                        3 => throw new StoreUnavailableException("Busy.", isOneTenants: true),
                        _ => ValueTask.FromResult(7),
                    },
                _cancelled.Token
            )
            .AsTask();
        foreach (var takes in new[] { true, false, true })
        {
            await UntilAsync(() => _clock.Waiting == 1);
            Assert.Equal(takes, Takes());
            _clock.Advance(Second);
        }

        Assert.Equal(7, await result.WaitAsync(TimeSpan.FromSeconds(30)));
        Assert.True(Takes());
    }

    [Fact]
    public async Task InsistAsync_AnotherFault_IsNotRetried()
    {
        await Assert.ThrowsAsync<InvalidOperationException>(async () =>
            await _persistence.InsistAsync(
                Sample.Tenant,
                0,
                (_, _) => ValueTask.FromException<int>(new InvalidOperationException()),
                _cancelled.Token
            )
        );
        Assert.True(Takes());
    }

    [Fact]
    public async Task InsistAsync_AnotherFaultDuringAnOutage_LetsGo()
    {
        var result = _persistence
            .InsistAsync(
                Sample.Tenant,
                0,
                (_, _) =>
                    _calls++ == 0
                        ? throw new StoreUnavailableException("Down.")
                        : ValueTask.FromException<int>(new InvalidOperationException()),
                _cancelled.Token
            )
            .AsTask();
        await UntilAsync(() => _clock.Waiting == 1);
        _clock.Advance(Second);

        await Assert.ThrowsAsync<InvalidOperationException>(() =>
            result.WaitAsync(TimeSpan.FromSeconds(30))
        );
        Assert.True(Takes());
    }

    private static async Task UntilAsync(Func<bool> condition)
    {
        for (var i = 0; !condition(); i++)
        {
            Assert.True(i < 10_000, "It never came.");
            await Task.Delay(1);
        }
    }

    private Task<int> InsistAsync(int failures = 0, TimeSpan? retryAfter = null, bool late = false)
    {
        var left = failures;
        return _persistence
            .InsistAsync(
                Sample.Tenant,
                "state",
                async (state, token) =>
                {
                    Assert.Equal("state", state);
                    Assert.Equal(_cancelled.Token, token);
                    if (late)
                    {
                        await Task.Yield();
                    }

                    var calls = Interlocked.Increment(ref _calls);
                    return left-- > 0
                        ? throw new StoreUnavailableException("Down.", retryAfter)
                        : calls;
                },
                _cancelled.Token
            )
            .AsTask();
    }

    /// <summary>Whether the dispatcher hands out; leaves it as it was.</summary>
    private bool Takes()
    {
        if (!_dispatcher.TryTake(_clock.GetUtcNow(), out var claim))
        {
            return false;
        }

        _dispatcher.Release(claim.Due.Key.Endpoint, null, _clock.GetUtcNow());
        _dispatcher.Offer(claim, new EndpointLimits(1, null), _clock.GetUtcNow());
        return true;
    }
}
