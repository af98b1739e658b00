using System.Net;
using Microsoft.Extensions.Logging.Abstractions;
using WebhookDelivery.Core;
using WebhookDelivery.Testing;

namespace WebhookDelivery.Http.Tests;

/// <summary>What a name server that never answers does to creation and to sends.</summary>
public sealed class SlowDnsTests : IDisposable
{
    private readonly HungNames _names = new() { Answer = _ => [IPAddress.Loopback] };
    private readonly ManualTimeProvider _clock = new();
    private readonly SystemHostResolver _resolver;

    public SlowDnsTests() => _resolver = new(_names.Ask, _clock, new ResolverLimits());

    [Fact]
    public async Task JudgeAsync_NameHangs_IsAcceptedWithinItsBound()
    {
        var policy = new EndpointUrlPolicy(new(), new AddressPolicy([]), _resolver, _clock);

        var judging = policy
            .JudgeAsync("https://hung.example/", TestContext.Current.CancellationToken)
            .AsTask();
        await _clock
            .WaitForTimerAsync(EndpointUrlPolicy.ResolveTimeMax)
            .WaitAsync(HungNames.Patience);
        _clock.Advance(EndpointUrlPolicy.ResolveTimeMax - TimeSpan.FromTicks(1));
        Assert.False(judging.IsCompleted);
        _clock.Advance(TimeSpan.FromTicks(1));

        Assert.IsType<EndpointUrlVerdict.Accepted>(await judging.WaitAsync(HungNames.Patience));
    }

    [Fact]
    public async Task JudgeAsync_CallerCancels_Throws()
    {
        var policy = new EndpointUrlPolicy(new(), new AddressPolicy([]), _resolver, _clock);
        using var caller = new CancellationTokenSource();

        var judging = policy.JudgeAsync("https://hung.example/", caller.Token).AsTask();
        await caller.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => judging);
    }

    [Fact]
    public async Task Send_FiftyHungNames_OtherIsDeliveredAndTheyTimeOut()
    {
        await using var stub = await TenantEndpointStub.StartAsync();
        using var sender = Sender();
        var deadline = TimeSpan.FromSeconds(7);
        var hung = Enumerable
            .Range(0, 50)
            .Select(i => SendAsync(sender, $"http://h{i}.hung.example/", i, deadline))
            .ToArray();
        await _names.WaitForAsync(new ResolverLimits().ZoneThreadsMax);

        var other = await SendAsync(sender, $"http://hooks.example:{stub.Url.Port}/", 50, deadline);
        Assert.Equal(ReasonCode.Delivered, other.Reason);
        Assert.DoesNotContain(hung, sending => sending.IsCompleted);

        _clock.Advance(deadline);
        Assert.All(
            await Task.WhenAll(hung).WaitAsync(HungNames.Patience),
            outcome => Assert.Equal(ReasonCode.Timeout, outcome.Reason)
        );

        // A sender without a connection under way to the name, which it would wait for first.
        using var later = Sender();
        var asked = _names.Asked.First(name => _names.Hangs(name));
        var again = await SendAsync(later, $"http://{asked}/", 51, deadline);
        Assert.Equal(ReasonCode.DnsFailed, again.Reason);
    }

    [Fact]
    public async Task Send_ConnectionIsReused_NameIsNotAskedAgain()
    {
        await using var stub = await TenantEndpointStub.StartAsync();
        using var sender = Sender();
        for (var i = 0; i < 3; i++)
        {
            await SendAsync(
                sender,
                $"http://hooks.example:{stub.Url.Port}/",
                1,
                HungNames.Patience
            );
            _clock.Advance(new ResolverLimits().AnswerLifetime);
        }

        Assert.Equal(3, stub.Requests.Count);
        Assert.Single(_names.Asked);
    }

    [Fact]
    public async Task Send_AddressTurnsPrivateAfterTheCheck_KeptAnswerIsJudgedToo()
    {
        var policy = new EndpointUrlPolicy(new(), new AddressPolicy([]), _resolver, _clock);
        var options = new HttpSenderOptions { AllowHttp = true, AnyPort = true };
        using var sender = Sender(options);

        // The answer that creation refused is the kept one; the connection must not trust it either.
        await policy.JudgeAsync("https://hooks.example/", TestContext.Current.CancellationToken);
        var outcome = await SendAsync(sender, "http://hooks.example/", 1, HungNames.Patience);

        Assert.Equal(ReasonCode.BlockedAddress, outcome.Reason);
        Assert.Single(_names.Asked);
    }

    public void Dispose()
    {
        _names.Dispose();
        _resolver.Dispose();
    }

    private static async Task<AttemptOutcome> SendAsync(
        WebhookSender sender,
        string url,
        int endpoint,
        TimeSpan timeout
    )
    {
        var result = await sender
            .SendAsync(
                SenderRig.Request(new Uri(url), SenderRig.Endpoint(endpoint), timeout: timeout),
                TestContext.Current.CancellationToken
            )
            .AsTask()
            .WaitAsync(HungNames.Patience);
        return Assert.IsType<SendResult.Attempted>(result).Outcome;
    }

    private WebhookSender Sender(HttpSenderOptions? options = null) =>
        new(options ?? SenderRig.Loopback, _resolver, _clock, NullLogger<WebhookSender>.Instance);
}
