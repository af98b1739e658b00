using WebhookDelivery.Core;
using WebhookDelivery.Testing;

namespace WebhookDelivery.Http.Tests;

/// <summary>The breaker of each endpoint, on a clock that only the test moves.</summary>
public sealed class BreakerTests
{
    private static readonly HttpSenderOptions Options = SenderRig.Loopback with
    {
        BreakerThroughputMin = 5,
    };

    private readonly ManualTimeProvider _clock = new();

    [Theory]
    [InlineData(500)]
    [InlineData(503)]
    [InlineData(429)]
    public async Task Send_ServerFailures_OpenAfterTheMinimum(int status)
    {
        await using var stub = await StubAnsweringAsync(status);
        using var rig = Rig();

        for (var i = 0; i < Options.BreakerThroughputMin; i++)
        {
            Assert.Null(PostponedUntil(rig));
            Assert.IsType<SendResult.Attempted>(await SendAsync(rig, stub.Url));
        }

        var until = _clock.GetUtcNow() + Options.BreakDuration;
        Assert.Equal(until, PostponedUntil(rig));
        Assert.Equal(new SendResult.Postponed(until), await SendAsync(rig, stub.Url));
        Assert.Equal(Options.BreakerThroughputMin, stub.Requests.Count);
    }

    [Theory]
    [InlineData("")]
    [InlineData("nonsense\r\n\r\n")]
    public async Task Send_BrokenAnswers_Open(string answer)
    {
        await using var receiver = RawReceiver.Answering(answer);
        using var rig = Rig();

        await OpenAsync(rig, receiver.Url);

        Assert.NotNull(PostponedUntil(rig));
    }

    [Fact]
    public async Task Send_Timeouts_Open()
    {
        await using var silent = RawReceiver.Start(connection => connection.WaitForHangUpAsync());
        using var rig = Rig();

        for (var i = 0; i < Options.BreakerThroughputMin; i++)
        {
            var timeout = TimeSpan.FromSeconds(1 + i);
            var sending = rig.AttemptAsync(silent.Url, timeout);
            await _clock.WaitForTimerAsync(timeout);
            _clock.Advance(timeout);
            Assert.Equal(ReasonCode.Timeout, (await sending).Reason);
        }

        Assert.NotNull(PostponedUntil(rig));
    }

    [Fact]
    public async Task Send_UnresolvedHost_Opens()
    {
        using var rig = Rig();

        await OpenAsync(rig, new Uri("http://nowhere.example/"));

        Assert.NotNull(PostponedUntil(rig));
    }

    [Theory]
    [InlineData(200)]
    [InlineData(302)]
    [InlineData(400)]
    [InlineData(404)]
    [InlineData(410)]
    public async Task Send_AnswersAboutTheRequest_NeverOpen(int status)
    {
        await using var stub = await StubAnsweringAsync(status);
        using var rig = Rig();

        for (var i = 0; i < 3 * Options.BreakerThroughputMin; i++)
        {
            Assert.IsType<SendResult.Attempted>(await SendAsync(rig, stub.Url));
        }

        Assert.Null(PostponedUntil(rig));
    }

    [Fact]
    public async Task Send_BlockedAddress_NeverOpens()
    {
        using var rig = Rig();

        for (var i = 0; i < 3 * Options.BreakerThroughputMin; i++)
        {
            Assert.Equal(
                ReasonCode.BlockedAddress,
                (await rig.AttemptAsync(new Uri("http://10.0.0.1/"))).Reason
            );
        }

        Assert.Null(PostponedUntil(rig));
    }

    [Fact]
    public async Task Send_FewerFailuresThanTheRatio_NeverOpen()
    {
        await using var stub = await TenantEndpointStub.StartAsync();
        var count = 0;
        stub.Answer = _ => Task.FromResult(new StubAnswer(++count % 3 == 0 ? 500 : 200));
        using var rig = Rig();

        for (var i = 0; i < 30; i++)
        {
            Assert.IsType<SendResult.Attempted>(await SendAsync(rig, stub.Url));
        }
    }

    [Fact]
    public async Task Send_OtherEndpointOfTheSameHost_Unaffected()
    {
        await using var stub = await StubAnsweringAsync(500);
        using var rig = Rig();
        await OpenAsync(rig, stub.Url);
        var other = SenderRig.Endpoint(2);

        var result = await rig.Sender.SendAsync(
            SenderRig.Request(stub.Url, other),
            TestContext.Current.CancellationToken
        );

        Assert.NotNull(PostponedUntil(rig));
        Assert.Null(rig.Sender.PostponedUntil(other, _clock.GetUtcNow()));
        Assert.IsType<SendResult.Attempted>(result);
    }

    [Fact]
    public async Task Send_AfterTheBreak_OneProbeGoesAndItsSuccessCloses()
    {
        await using var stub = await StubAnsweringAsync(500);
        using var rig = Rig();
        await OpenAsync(rig, stub.Url);
        var (arrived, answer) = (
            new TaskCompletionSource(),
            new TaskCompletionSource<StubAnswer>()
        );
        stub.Answer = _ =>
        {
            arrived.SetResult();
            return answer.Task;
        };
        var seen = stub.Requests.Count;

        _clock.Advance(Options.BreakDuration - TimeSpan.FromTicks(1));
        Assert.IsType<SendResult.Postponed>(await SendAsync(rig, stub.Url));
        _clock.Advance(TimeSpan.FromTicks(1));
        Assert.Null(PostponedUntil(rig));
        var probe = SendAsync(rig, stub.Url);
        await arrived.Task;

        // While the probe is under way nothing else goes, however long it takes.
        for (var i = 0; i < 3; i++)
        {
            Assert.IsType<SendResult.Postponed>(await SendAsync(rig, stub.Url));
            Assert.NotNull(PostponedUntil(rig));
            _clock.Advance(EndpointBreaker.ProbePause);
        }

        Assert.Equal(seen + 1, stub.Requests.Count);
        answer.SetResult(new StubAnswer(200));
        await probe;

        Assert.Null(PostponedUntil(rig));
        stub.AnswerWith(new StubAnswer(200));
        Assert.IsType<SendResult.Attempted>(await SendAsync(rig, stub.Url));
    }

    [Fact]
    public async Task Send_ProbeFails_OpensAgain()
    {
        await using var stub = await StubAnsweringAsync(500);
        using var rig = Rig();
        await OpenAsync(rig, stub.Url);
        _clock.Advance(Options.BreakDuration);

        Assert.IsType<SendResult.Attempted>(await SendAsync(rig, stub.Url));

        Assert.Equal(_clock.GetUtcNow() + Options.BreakDuration, PostponedUntil(rig));
        Assert.IsType<SendResult.Postponed>(await SendAsync(rig, stub.Url));
    }

    [Fact]
    public async Task Send_ProbeIsCancelled_OpensAgain()
    {
        var answering = true;
        var arrived = new TaskCompletionSource();
        await using var stub = await TenantEndpointStub.StartAsync();
        stub.Answer = async _ =>
        {
            if (!answering)
            {
                arrived.SetResult();
                await Task.Delay(Timeout.Infinite, TestContext.Current.CancellationToken);
            }

            return new StubAnswer(500);
        };
        using var rig = Rig();
        await OpenAsync(rig, stub.Url);
        _clock.Advance(Options.BreakDuration);
        answering = false;
        using var caller = new CancellationTokenSource();

        var probe = rig.Sender.SendAsync(SenderRig.Request(stub.Url), caller.Token).AsTask();
        await arrived.Task;
        await caller.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => probe);

        Assert.NotNull(PostponedUntil(rig));
    }

    [Fact]
    public async Task Send_CancelledByTheCaller_NeverOpens()
    {
        await using var silent = RawReceiver.Start(connection => connection.WaitForHangUpAsync());
        using var rig = Rig();

        for (var i = 0; i < 3 * Options.BreakerThroughputMin; i++)
        {
            using var caller = new CancellationTokenSource();
            var sending = rig
                .Sender.SendAsync(SenderRig.Request(silent.Url), caller.Token)
                .AsTask();
            await caller.CancelAsync();
            await Assert.ThrowsAnyAsync<OperationCanceledException>(() => sending);
        }

        Assert.Null(PostponedUntil(rig));
    }

    [Fact]
    public async Task Send_FailuresLongAgo_AreForgotten()
    {
        await using var stub = await StubAnsweringAsync(500);
        using var rig = Rig();

        for (var i = 0; i < 5 * Options.BreakerThroughputMin; i++)
        {
            Assert.IsType<SendResult.Attempted>(await SendAsync(rig, stub.Url));
            _clock.Advance(Options.BreakerSampling / (Options.BreakerThroughputMin - 1));
        }
    }

    [Theory]
    [InlineData(-24)]
    [InlineData(24)]
    public async Task Send_ClockSetWhileOpen_ProbesAfterTheBreakAllTheSame(int hours)
    {
        await using var stub = await StubAnsweringAsync(500);
        using var rig = Rig();
        await OpenAsync(rig, stub.Url);
        stub.AnswerWith(new StubAnswer(200));

        _clock.SetUtcNow(_clock.GetUtcNow().AddHours(hours));
        var until = _clock.GetUtcNow() + Options.BreakDuration;
        Assert.Equal(until, PostponedUntil(rig));
        Assert.Equal(new SendResult.Postponed(until), await SendAsync(rig, stub.Url));
        _clock.Advance(Options.BreakDuration);

        Assert.Null(PostponedUntil(rig));
        Assert.IsType<SendResult.Attempted>(await SendAsync(rig, stub.Url));
        Assert.Null(PostponedUntil(rig));
        Assert.IsType<SendResult.Attempted>(await SendAsync(rig, stub.Url));
    }

    [Fact]
    public async Task Send_ClockSetBackBetweenFailures_StillForgetsThoseOfLongAgo()
    {
        await using var stub = await StubAnsweringAsync(500);
        using var rig = Rig();

        for (var i = 0; i < 5 * Options.BreakerThroughputMin; i++)
        {
            Assert.IsType<SendResult.Attempted>(await SendAsync(rig, stub.Url));
            _clock.Advance(Options.BreakerSampling / (Options.BreakerThroughputMin - 1));
            _clock.SetUtcNow(_clock.GetUtcNow() - Options.BreakerSampling);
        }
    }

    [Fact]
    public async Task Send_ManyEndpoints_KeepsBoundedBreakersAndTheOpenOnes()
    {
        await using var stub = await StubAnsweringAsync(500);
        using var rig = new SenderRig(Options with { BreakersMax = 16 }, _clock);
        await OpenAsync(rig, stub.Url);
        stub.AnswerWith(new StubAnswer(200));

        for (var number = 2; number < 100; number++)
        {
            _clock.Advance(TimeSpan.FromMilliseconds(1));
            await rig.AttemptAsync(SenderRig.Request(stub.Url, SenderRig.Endpoint(number)));
            Assert.InRange(rig.Sender.BreakerCount, 1, 16);
        }

        Assert.NotNull(PostponedUntil(rig));
    }

    [Fact]
    public void PostponedUntil_EndpointNeverSeen_NullAndNotKept()
    {
        using var rig = Rig();

        Assert.Null(PostponedUntil(rig));
        Assert.Equal(0, rig.Sender.BreakerCount);
    }

    private static async Task<TenantEndpointStub> StubAnsweringAsync(int status)
    {
        var stub = await TenantEndpointStub.StartAsync();
        stub.AnswerWith(new StubAnswer(status));
        return stub;
    }

    private static Task<SendResult> SendAsync(SenderRig rig, Uri url) =>
        rig
            .Sender.SendAsync(SenderRig.Request(url), TestContext.Current.CancellationToken)
            .AsTask();

    private static async Task OpenAsync(SenderRig rig, Uri url)
    {
        for (var i = 0; i < Options.BreakerThroughputMin; i++)
        {
            await SendAsync(rig, url);
        }
    }

    private SenderRig Rig() => new(Options, _clock);

    private DateTimeOffset? PostponedUntil(SenderRig rig) =>
        rig.Sender.PostponedUntil(SenderRig.Endpoint(1), _clock.GetUtcNow());
}
