using System.Diagnostics;
using System.Text;
using WebhookDelivery.Core;
using WebhookDelivery.Testing;

namespace WebhookDelivery.Http.Tests;

/// <summary>The table of outcomes, against a receiver that speaks proper HTTP.</summary>
public sealed class OutcomeTests
{
    [Theory]
    [InlineData(200, ReasonCode.Delivered)]
    [InlineData(201, ReasonCode.Delivered)]
    [InlineData(202, ReasonCode.Delivered)]
    [InlineData(204, ReasonCode.Delivered)]
    [InlineData(299, ReasonCode.Delivered)]
    [InlineData(300, ReasonCode.HttpStatus)]
    [InlineData(301, ReasonCode.HttpStatus)]
    [InlineData(304, ReasonCode.HttpStatus)]
    [InlineData(308, ReasonCode.HttpStatus)]
    [InlineData(400, ReasonCode.HttpStatus)]
    [InlineData(401, ReasonCode.HttpStatus)]
    [InlineData(404, ReasonCode.HttpStatus)]
    [InlineData(407, ReasonCode.HttpStatus)]
    [InlineData(410, ReasonCode.EndpointGone)]
    [InlineData(429, ReasonCode.Throttled)]
    [InlineData(500, ReasonCode.HttpStatus)]
    [InlineData(503, ReasonCode.HttpStatus)]
    [InlineData(599, ReasonCode.HttpStatus)]
    public async Task Send_Status_DecidesTheReason(int status, ReasonCode reason)
    {
        await using var stub = await TenantEndpointStub.StartAsync();
        stub.AnswerWith(new StubAnswer(status));
        using var rig = new SenderRig();

        var outcome = await rig.AttemptAsync(stub.Url);

        Assert.Equal(reason, outcome.Reason);
        Assert.Equal(status, outcome.StatusCode);
        Assert.Null(outcome.RetryAfter);
        Assert.Single(stub.Requests);
    }

    [Theory]
    [InlineData(429, "120", 120)]
    [InlineData(503, "120", 120)]
    [InlineData(503, "0", 0)]
    [InlineData(429, "Sun, 01 Mar 2026 12:01:00 GMT", 60)]
    [InlineData(503, "Sunday, 01-Mar-26 12:01:00 GMT", 60)]
    [InlineData(503, "Sun Mar  1 12:01:00 2026", 60)]
    [InlineData(503, "Sun, 01 Mar 2026 11:00:00 GMT", 0)]
    [InlineData(429, "99999999999999999999999999", 365 * 86400)]
    [InlineData(503, "2147483648", 365 * 86400)]
    [InlineData(503, "31536001", 365 * 86400)]
    [InlineData(503, "Fri, 31 Dec 9999 23:59:59 GMT", 365 * 86400)]
    public async Task Send_RetryAfter_IsReadAsAWaitFromNow(int status, string header, int seconds)
    {
        await using var stub = await TenantEndpointStub.StartAsync();
        stub.AnswerWith(new StubAnswer(status) { Headers = [new("Retry-After", header)] });
        using var rig = new SenderRig(
            timeProvider: new ManualTimeProvider(
                new DateTimeOffset(2026, 3, 1, 12, 0, 0, TimeSpan.Zero)
            )
        );

        var outcome = await rig.AttemptAsync(stub.Url);

        Assert.Equal(ReasonCode.Throttled, outcome.Reason);
        Assert.Equal(TimeSpan.FromSeconds(seconds), outcome.RetryAfter);
    }

    [Theory]
    [InlineData("-5")]
    [InlineData("")]
    [InlineData("1.5")]
    [InlineData("+5")]
    [InlineData("0x10")]
    [InlineData("soon")]
    [InlineData("Sun, 31 Feb 2026 12:00:00 GMT")]
    [InlineData("١٢")]
    public async Task Send_MalformedRetryAfter_CountsAsNone(string header)
    {
        using var rig = new SenderRig();
        await using var throttling = RawReceiver.Answering(
            $"HTTP/1.1 429 X\r\nRetry-After: {header}\r\nContent-Length: 0\r\n\r\n"
        );
        await using var unavailable = RawReceiver.Answering(
            $"HTTP/1.1 503 X\r\nRetry-After: {header}\r\nContent-Length: 0\r\n\r\n"
        );

        var throttled = await rig.AttemptAsync(throttling.Url);
        var failed = await rig.AttemptAsync(unavailable.Url);

        Assert.Equal((ReasonCode.Throttled, null), (throttled.Reason, throttled.RetryAfter));
        Assert.Equal((ReasonCode.HttpStatus, null), (failed.Reason, failed.RetryAfter));
    }

    [Fact]
    public async Task Send_NothingListens_ConnectFailed()
    {
        using var rig = new SenderRig();

        var outcome = await rig.AttemptAsync(
            new Uri($"http://127.0.0.1:{RawReceiver.UnusedPort()}/")
        );

        Assert.Equal(ReasonCode.ConnectFailed, outcome.Reason);
        Assert.Null(outcome.StatusCode);
    }

    [Fact]
    public async Task Send_HostWithoutAddresses_DnsFailed()
    {
        using var rig = new SenderRig();

        var outcome = await rig.AttemptAsync(new Uri("http://nowhere.example:8080/"));

        Assert.Equal(ReasonCode.DnsFailed, outcome.Reason);
        Assert.Empty(rig.Dialer.Dialed);
    }

    [Fact]
    public async Task Send_SystemResolverAndUnknownName_DnsFailed()
    {
        using var sender = new WebhookSender(
            SenderRig.Loopback,
            new SystemHostResolver(),
            TimeProvider.System,
            Microsoft.Extensions.Logging.Abstractions.NullLogger<WebhookSender>.Instance
        );

        var result = await sender.SendAsync(
            SenderRig.Request(new Uri("http://no-such-host.invalid/")),
            TestContext.Current.CancellationToken
        );

        Assert.Equal(
            ReasonCode.DnsFailed,
            Assert.IsType<SendResult.Attempted>(result).Outcome.Reason
        );
    }

    [Fact]
    public async Task Send_FirstAddressRefuses_NextIsTried()
    {
        await using var stub = await TenantEndpointStub.StartAsync();
        using var rig = new SenderRig();
        rig.Resolver.Answer("hooks.example", "127.0.0.9 127.0.0.1");

        var outcome = await rig.AttemptAsync(new Uri($"http://hooks.example:{stub.Url.Port}/"));

        Assert.Equal(ReasonCode.Delivered, outcome.Reason);
        Assert.Equal(["127.0.0.9", "127.0.0.1"], rig.Dialer.Dialed.Select(to => $"{to.Address}"));
        Assert.Equal($"hooks.example:{stub.Url.Port}", stub.Requests[0].Headers["Host"]);
    }

    [Fact]
    public async Task Send_FirstAddressHangs_NextIsTriedWithinTheDeadline()
    {
        await using var stub = await TenantEndpointStub.StartAsync();
        var clock = new ManualTimeProvider();
        using var rig = new SenderRig(timeProvider: clock, dialer: new HangingFirstDialer());
        rig.Resolver.Answer("hooks.example", "127.0.0.9 127.0.0.1");

        var sending = rig.AttemptAsync(new Uri($"http://hooks.example:{stub.Url.Port}/"));
        await clock.WaitForTimerAsync(GuardedConnector.AddressTimeMax);
        clock.Advance(GuardedConnector.AddressTimeMax);
        var outcome = await sending;

        Assert.Equal(ReasonCode.Delivered, outcome.Reason);
        Assert.Equal(GuardedConnector.AddressTimeMax, outcome.Duration);
    }

    [Fact]
    public async Task Send_NoAnswerByTheDeadline_TimesOutByTheInjectedClock()
    {
        await using var silent = RawReceiver.Start(connection => connection.WaitForHangUpAsync());
        var clock = new ManualTimeProvider();
        using var rig = new SenderRig(timeProvider: clock);
        var deadline = TimeSpan.FromSeconds(7);

        var sending = rig.AttemptAsync(silent.Url, deadline);
        await clock.WaitForTimerAsync(deadline);
        clock.Advance(deadline - TimeSpan.FromMilliseconds(1));
        Assert.False(sending.IsCompleted);
        clock.Advance(TimeSpan.FromMilliseconds(1));
        var outcome = await sending;

        Assert.Equal(ReasonCode.Timeout, outcome.Reason);
        Assert.Equal(deadline, outcome.Duration);
        Assert.Null(outcome.StatusCode);
    }

    [Fact]
    public async Task Send_NameServerHangs_TimesOut()
    {
        var clock = new ManualTimeProvider();
        using var sender = new WebhookSender(
            SenderRig.Loopback,
            new HangingResolver(),
            clock,
            Microsoft.Extensions.Logging.Abstractions.NullLogger<WebhookSender>.Instance
        );

        var sending = sender.SendAsync(
            SenderRig.Request(new Uri("http://slow.example/")),
            TestContext.Current.CancellationToken
        );
        await clock.WaitForTimerAsync(TimeSpan.FromSeconds(15));
        clock.Advance(TimeSpan.FromSeconds(15));

        Assert.Equal(
            ReasonCode.Timeout,
            Assert.IsType<SendResult.Attempted>(await sending).Outcome.Reason
        );
    }

    [Fact]
    public async Task Send_CallerCancels_Throws()
    {
        var arrived = new TaskCompletionSource();
        await using var silent = RawReceiver.Start(async connection =>
        {
            await connection.ReadRequestAsync();
            arrived.SetResult();
            await connection.WaitForHangUpAsync();
        });
        using var rig = new SenderRig();
        using var caller = new CancellationTokenSource();

        var sending = rig.Sender.SendAsync(SenderRig.Request(silent.Url), caller.Token).AsTask();
        await arrived.Task;
        await caller.CancelAsync();

        var thrown = await Assert.ThrowsAnyAsync<OperationCanceledException>(() => sending);
        Assert.Equal(caller.Token, thrown.CancellationToken);
    }

    [Fact]
    public async Task Send_CallerCancelsAfterTheStatusLine_KeepsTheOutcome()
    {
        var clock = new ManualTimeProvider();
        await using var trickling = RawReceiver.Start(async connection =>
        {
            await connection.ReadRequestAsync();
            await connection.SendAsync("HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nabc");
            await connection.WaitForHangUpAsync();
        });
        using var rig = new SenderRig(timeProvider: clock);
        using var caller = new CancellationTokenSource();

        var sending = rig.Sender.SendAsync(SenderRig.Request(trickling.Url), caller.Token);
        await clock.WaitForTimerAsync(SenderRig.Loopback.ResponseBodyTimeMax);
        await caller.CancelAsync();

        var outcome = Assert.IsType<SendResult.Attempted>(await sending).Outcome;
        Assert.Equal(ReasonCode.Delivered, outcome.Reason);
        Assert.Equal("abc"u8, outcome.ResponseExcerpt.Span);
    }

    [Fact]
    public async Task Send_DurationEndsAtTheStatusLine()
    {
        var clock = new ManualTimeProvider();
        await using var stub = await TenantEndpointStub.StartAsync();
        stub.Answer = _ =>
        {
            clock.Advance(TimeSpan.FromMilliseconds(1234));
            return Task.FromResult(new StubAnswer(200));
        };
        using var rig = new SenderRig(timeProvider: clock);

        var outcome = await rig.AttemptAsync(stub.Url);

        Assert.Equal(TimeSpan.FromMilliseconds(1234), outcome.Duration);
    }

    [Theory]
    [InlineData(200)]
    [InlineData(500)]
    public async Task Send_Body_FirstKibIsKept(int status)
    {
        var body = Encoding.ASCII.GetBytes(string.Concat(Enumerable.Range(1000, 1500)));
        await using var stub = await TenantEndpointStub.StartAsync();
        stub.AnswerWith(new StubAnswer(status) { Body = body });
        using var rig = new SenderRig();

        var outcome = await rig.AttemptAsync(stub.Url);

        Assert.Equal(body.AsSpan(0, 1024), outcome.ResponseExcerpt.Span);
    }

    [Fact]
    public async Task Send_ShortBodies_ConnectionIsReused()
    {
        await using var stub = await TenantEndpointStub.StartAsync();
        stub.AnswerWith(new StubAnswer(200) { Body = new byte[16 * 1024 - 1] });
        using var rig = new SenderRig();

        for (var i = 0; i < 5; i++)
        {
            await rig.AttemptAsync(stub.Url);
        }

        Assert.Single(rig.Dialer.Dialed);
    }

    private sealed class HangingFirstDialer : IDialer
    {
        private readonly SocketDialer _sockets = new();
        private int _dials;

        public async ValueTask<Stream> DialAsync(
            System.Net.IPEndPoint target,
            CancellationToken cancellationToken
        )
        {
            if (Interlocked.Increment(ref _dials) == 1)
            {
                await Task.Delay(Timeout.Infinite, cancellationToken);
            }

            return await _sockets.DialAsync(target, cancellationToken);
        }
    }

    private sealed class HangingResolver : IHostResolver
    {
        public async ValueTask<IReadOnlyList<System.Net.IPAddress>> ResolveAsync(
            string host,
            CancellationToken cancellationToken
        )
        {
            await Task.Delay(Timeout.Infinite, cancellationToken);
            throw new UnreachableException();
        }
    }
}
