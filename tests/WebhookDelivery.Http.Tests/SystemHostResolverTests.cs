using System.Net;
using System.Net.Sockets;
using WebhookDelivery.Testing;

namespace WebhookDelivery.Http.Tests;

public sealed class SystemHostResolverTests : IDisposable
{
    private static readonly ResolverLimits Limits = new();

    private readonly HungNames _names = new();
    private readonly ManualTimeProvider _clock = new();
    private SystemHostResolver? _resolver;

    private SystemHostResolver Resolver => _resolver ??= new(_names.Ask, _clock, Limits);

    [Fact]
    public async Task Resolve_FiftyHungNamesOfOneZone_OthersResolve()
    {
        var hung = Hang(50, i => $"h{i}.hung.example");
        await _names.WaitForAsync(Limits.ZoneThreadsMax);

        for (var i = 0; i < 100; i++)
        {
            Assert.NotEmpty(await ResolveAsync($"hooks{i}.other{i}.example"));
        }

        Assert.DoesNotContain(hung, lookup => lookup.IsCompleted);
        Assert.Equal(Limits.ZoneThreadsMax, _names.Asked.Count(name => _names.Hangs(name)));
    }

    [Fact]
    public async Task Resolve_HungNamesOfThreeZones_NewNamesResolve()
    {
        Hang(51, i => $"h{i}.hung{i % 3}.example");
        await _names.WaitForAsync(3 * Limits.ZoneThreadsMax);

        Assert.NotEmpty(await ResolveAsync("hooks.other.example"));
    }

    [Fact]
    public async Task Resolve_EveryNewNamesThreadIsHung_ProvenNamesResolve()
    {
        await ResolveAsync("hooks.other.example");
        _clock.Advance(Limits.AnswerLifetime);
        Hang(50, i => $"hung{i}.example");
        await _names.WaitForAsync(1 + Limits.NewThreadsMax);

        Assert.NotEmpty(await ResolveAsync("hooks.other.example"));
        Assert.Equal(2 + Limits.NewThreadsMax, _names.Asked.Count);
    }

    [Fact]
    public async Task Resolve_ZoneHasBegunToHang_ItsNamesTakeTurnsAndLeaveTheRestFree()
    {
        Hang(1, _ => "a.hung0.example");
        Hang(1, _ => "a.hung1.example");
        await _names.WaitForAsync(2);
        _clock.Advance(Limits.SlowAfter);

        Hang(20, i => $"h{i}.hung{i % 2}.example");
        Assert.NotEmpty(await ResolveAsync("hooks.other.example"));

        Assert.Equal(2, _names.Asked.Count(name => _names.Hangs(name)));
    }

    [Fact]
    public async Task Resolve_SlowZoneAnswersQuickly_IsTrustedAgain()
    {
        await MakeSlowAsync("a.hung.example");
        Assert.NotEmpty(await ResolveAsync("b.hung.example"));

        using var again = new HungNames();
        _names.Answer = name => [.. again.Ask(name)];
        Hang(20, i => $"c{i}.hung.example");

        await again.WaitForAsync(Limits.ZoneThreadsMax);
    }

    [Fact]
    public async Task Resolve_HungNames_HoldNoThreadOfThePool()
    {
        Hang(10, i => $"hung{i}.example");
        await _names.WaitForAsync(10);

        Assert.Equal(10, _names.Threads.Count);
        Assert.All(_names.Threads, entry => Assert.False(entry.Value));
        Assert.All(_names.Threads.Keys, thread => Assert.True(thread.IsBackground));
    }

    [Fact]
    public async Task Resolve_NameHangs_CallerIsNotBlocked()
    {
        var waiting = Resolver.ResolveAsync("hung.example", default);
        await _names.WaitForAsync(1);

        Assert.False(waiting.IsCompleted);
    }

    [Fact]
    public async Task Resolve_SameNameUnderWay_IsAskedOnce()
    {
        var both = Hang(8, i => i % 2 == 0 ? "hung.example" : "HUNG.example");
        await _names.WaitForAsync(1);
        _names.Release();

        Assert.All(await Task.WhenAll(both), Assert.NotEmpty);
        Assert.Equal(["hung.example"], _names.Asked);
    }

    [Fact]
    public async Task Resolve_OneOfTwoWaitersLeaves_TheOtherIsAnswered()
    {
        using var leaver = new CancellationTokenSource();
        var left = Resolver.ResolveAsync("hung.example", leaver.Token).AsTask();
        var stays = Hang(1, _ => "hung.example")[0];
        await _names.WaitForAsync(1);

        await leaver.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => left);
        _names.Release();

        Assert.NotEmpty(await stays);
    }

    [Fact]
    public async Task Resolve_EveryWaiterLeftBeforeItsTurn_IsNeverAsked()
    {
        Hang(Limits.ZoneThreadsMax, i => $"h{i}.hung.example");
        await _names.WaitForAsync(Limits.ZoneThreadsMax);
        using var leaver = new CancellationTokenSource();
        var left = Resolver.ResolveAsync("late.hung.example", leaver.Token).AsTask();
        await leaver.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => left);

        _names.Release();
        await ResolveAsync("last.hung.example");

        Assert.DoesNotContain("late.hung.example", _names.Asked);
    }

    [Fact]
    public async Task Resolve_Answer_IsKeptForItsLifetime()
    {
        await ResolveAsync("hooks.example");
        _clock.Advance(Limits.AnswerLifetime - TimeSpan.FromTicks(1));
        await ResolveAsync("hooks.example");
        Assert.Single(_names.Asked);

        _clock.Advance(TimeSpan.FromTicks(1));
        _names.Answer = _ => [IPAddress.Loopback];

        Assert.Equal([IPAddress.Loopback], await ResolveAsync("hooks.example"));
    }

    [Fact]
    public async Task Resolve_QuickAnswerWithoutAddresses_IsNotKept()
    {
        _names.Answer = _ => throw new SocketException((int)SocketError.HostNotFound);
        Assert.Empty(await ResolveAsync("hooks.example"));
        _names.Answer = _ => [IPAddress.Loopback];

        Assert.Equal([IPAddress.Loopback], await ResolveAsync("hooks.example"));
    }

    [Fact]
    public async Task Resolve_NameHangsForLong_NewcomersAreAnsweredAtOnce()
    {
        var waiting = Hang(1, _ => "hung.example")[0];
        await _names.WaitForAsync(1);
        _clock.Advance(Limits.SlowAfter);

        Assert.Empty(await ResolveAsync("hung.example"));
        Assert.False(waiting.IsCompleted);
    }

    [Fact]
    public async Task Resolve_NameHung_CountsAsUnresolvedForAWhile()
    {
        await MakeSlowAsync("hung.example");
        _names.Answer = _ => [IPAddress.Loopback];

        _clock.Advance(Limits.SlowAnswerLifetime - TimeSpan.FromTicks(1));
        Assert.Empty(await ResolveAsync("hung.example"));
        Assert.Single(_names.Asked);
        _clock.Advance(TimeSpan.FromTicks(1));

        Assert.Equal([IPAddress.Loopback], await ResolveAsync("hung.example"));
    }

    [Fact]
    public async Task Resolve_QueueFull_CountsAsUnresolved()
    {
        var limits = Limits with { WaitingMax = 2 };
        _resolver = new(_names.Ask, _clock, limits);
        for (var i = 0; i < limits.ZoneThreadsMax; i++)
        {
            Hang(1, _ => $"h{i}.hung.example");
            await _names.WaitForAsync(i + 1);
        }

        var waiting = Hang(2, i => $"late{i}.hung.example");

        Assert.Empty(await ResolveAsync("last.hung.example"));
        Assert.DoesNotContain(waiting, lookup => lookup.IsCompleted);
    }

    [Fact]
    public async Task Resolve_SystemFailsUnexpectedly_CallerGetsItAndTheThreadLives()
    {
        _names.Answer = _ => throw new InvalidOperationException("broken");
        await Assert.ThrowsAsync<InvalidOperationException>(() => ResolveAsync("hooks.example"));
        _names.Answer = _ => [IPAddress.Loopback];

        Assert.NotEmpty(await ResolveAsync("hooks.example"));
        Assert.Single(_names.Threads);
    }

    [Fact]
    public async Task Resolve_NameTooLongForDns_IsUnresolved()
    {
        using var system = new SystemHostResolver();

        Assert.Empty(await system.ResolveAsync(new string('a', 300), default));
    }

    [Fact]
    public async Task Threads_NoWorkForLong_End()
    {
        _resolver = new(
            _names.Ask,
            _clock,
            Limits with
            {
                ThreadIdleTime = TimeSpan.FromMilliseconds(20),
            }
        );
        Assert.Equal(0, _resolver.ThreadCount);
        await ResolveAsync("hooks.example");
        var thread = Assert.Single(_names.Threads.Keys);

        Assert.True(thread.Join(HungNames.Patience));
        Assert.Equal(0, _resolver.ThreadCount);
        Assert.NotEmpty(await ResolveAsync("other.example"));
    }

    [Fact]
    public async Task Dispose_WaitersAreAnsweredAndThreadsEnd()
    {
        await ResolveAsync("hooks.example");
        var hung = Hang(10, i => $"h{i}.hung.example");
        await _names.WaitForAsync(1 + Limits.ZoneThreadsMax);

        Resolver.Dispose();

        Assert.All(await Task.WhenAll(hung).WaitAsync(HungNames.Patience), Assert.Empty);
        await Assert.ThrowsAsync<ObjectDisposedException>(() => ResolveAsync("hooks.example"));
        _names.Release();
        Assert.All(_names.Threads.Keys, thread => Assert.True(thread.Join(HungNames.Patience)));
        // One that was started and found nothing it might ask is not among those names were asked on.
        Assert.True(SpinWait.SpinUntil(() => Resolver.ThreadCount == 0, HungNames.Patience));
        Assert.Equal(1 + Limits.ZoneThreadsMax, _names.Asked.Count);
    }

    public void Dispose()
    {
        _names.Dispose();
        _resolver?.Dispose();
    }

    private Task<IReadOnlyList<IPAddress>>[] Hang(int count, Func<int, string> name) =>
        [
            .. Enumerable
                .Range(0, count)
                .Select(i => Resolver.ResolveAsync(name(i), CancellationToken.None).AsTask()),
        ];

    private Task<IReadOnlyList<IPAddress>> ResolveAsync(string name) =>
        Resolver
            .ResolveAsync(name, TestContext.Current.CancellationToken)
            .AsTask()
            .WaitAsync(HungNames.Patience);

    /// <summary>Has the name asked, hung for long and then not found. No name hangs after it.</summary>
    private async Task MakeSlowAsync(string name)
    {
        var answer = _names.Answer;
        _names.Answer = _ => [];
        var asking = Hang(1, _ => name)[0];
        await _names.WaitForAsync(1);
        _clock.Advance(Limits.SlowAfter);
        _names.Release();
        await asking;
        _names.Answer = answer;
    }
}
