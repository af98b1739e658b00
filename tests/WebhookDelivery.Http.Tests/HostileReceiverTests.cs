using System.IO.Compression;
using WebhookDelivery.Core;
using WebhookDelivery.Testing;

namespace WebhookDelivery.Http.Tests;

/// <summary>
/// What the catalogue of hostile receivers leaves open: how much is read of those that flood, and
/// what takes a clock that stands still.
/// </summary>
public sealed class HostileReceiverTests
{
    private const string Ok = "HTTP/1.1 200 OK\r\n";

    /// <summary>
    /// What a single exchange may read: the headers' 32 KiB, eight times the body's 16 KiB for what
    /// chunks add, what the handler reads ahead, and one last read as large as its buffer has grown.
    /// </summary>
    private const long BytesReadMax = (32 * 1024) + (8 * 16 * 1024) + (2 * 64 * 1024);

    [Theory]
    [InlineData("nothing", "")]
    [InlineData("part of a status line", "HTTP/1.1 ")]
    [InlineData("part of the headers", Ok + "X-Slow: a\r\nX-")]
    [InlineData("all but the last line end", Ok + "X-Slow: a\r\n\r")]
    [InlineData("interim responses", "HTTP/1.1 100 Go\r\n\r\nHTTP/1.1 103 Hints\r\n\r\n")]
    public async Task Send_SendsAndThenNothing_TimesOut(string name, string sent)
    {
        _ = name;
        var clock = new ManualTimeProvider();
        await using var receiver = RawReceiver.Start(async connection =>
        {
            await connection.ReadRequestAsync();
            await connection.SendAsync(sent);
            await connection.WaitForHangUpAsync();
        });
        using var rig = new SenderRig(timeProvider: clock);

        var sending = rig.AttemptAsync(receiver.Url);
        await Until(() => receiver.RequestCount == 1 && rig.Dialer.BytesRead == sent.Length);
        Assert.False(sending.IsCompleted);
        clock.Advance(TimeSpan.FromSeconds(15));
        var outcome = await sending;

        Assert.Equal((ReasonCode.Timeout, null), (outcome.Reason, outcome.StatusCode));
        Assert.Single(rig.Dialer.Dialed);
    }

    [Fact]
    public async Task Send_StatusLineInTheLastMillisecond_Delivered()
    {
        var clock = new ManualTimeProvider();
        await using var receiver = RawReceiver.Start(async connection =>
        {
            await connection.ReadRequestAsync();
            clock.Advance(TimeSpan.FromMilliseconds(14_999));
            await connection.SendAsync(Ok + "Content-Length: 100\r\n\r\nthank");
            await connection.WaitForHangUpAsync();
        });
        using var rig = new SenderRig(timeProvider: clock);

        var sending = rig.AttemptAsync(receiver.Url);
        await clock.WaitForTimerAsync(TimeSpan.FromMilliseconds(1));
        clock.Advance(TimeSpan.FromMilliseconds(1));
        var outcome = await sending;

        Assert.Equal((ReasonCode.Delivered, 200), (outcome.Reason, outcome.StatusCode));
        Assert.Equal(TimeSpan.FromMilliseconds(14_999), outcome.Duration);
    }

    [Fact]
    public async Task Send_FewInterimResponses_AreSkipped()
    {
        await using var receiver = RawReceiver.Answering(
            "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Hints\r\nLink: x\r\n\r\n"
                + "HTTP/1.1 202 Accepted\r\nContent-Length: 0\r\n\r\n"
        );
        using var rig = new SenderRig();

        var outcome = await rig.AttemptAsync(receiver.Url);

        Assert.Equal((ReasonCode.Delivered, 202), (outcome.Reason, outcome.StatusCode));
    }

    /// <summary>The clock stands still: what ends the attempt is a limit on bytes, not the deadline.</summary>
    [Theory]
    [InlineData("flood of interim responses")]
    [InlineData("endless headers")]
    [InlineData("endless header line")]
    [InlineData("100,000 tiny headers")]
    [InlineData("endless reason phrase")]
    [InlineData("body without end")]
    [InlineData("10 GB body")]
    [InlineData("error page of 10 GB")]
    [InlineData("gzip bomb")]
    [InlineData("endless chunks of a byte")]
    [InlineData("endless chunk extension")]
    [InlineData("chunks of a byte under huge extensions")]
    [InlineData("endless trailers")]
    public async Task Send_Flood_IsReadWithinBoundsAndHungUp(string name)
    {
        var hostile = HostileReceivers.Named(name);
        var hungUp = new TaskCompletionSource();
        await using var receiver = RawReceiver.Start(async connection =>
        {
            try
            {
                await hostile.Script(connection, new HostileStage(TimeSpan.FromSeconds(15)));
                await connection.WaitForHangUpAsync();
            }
            finally
            {
                hungUp.SetResult();
            }
        });
        using var rig = new SenderRig(timeProvider: new ManualTimeProvider());

        var outcome = await rig.AttemptAsync(receiver.Url);

        Assert.Contains(new HostileOutcome(outcome.Reason, outcome.StatusCode), hostile.Outcomes);
        Assert.InRange(outcome.ResponseExcerpt.Length, 0, 1024);
        await hungUp.Task.WaitAsync(TimeSpan.FromSeconds(30));
        Assert.InRange(rig.Dialer.BytesRead, 1, BytesReadMax);
    }

    [Fact]
    public async Task Send_TenMegabyteErrorBody_ReadsLittleOfIt()
    {
        var body = new byte[10 * 1024 * 1024];
        await using var stub = await TenantEndpointStub.StartAsync();
        stub.AnswerWith(new StubAnswer(500) { Body = body });
        using var rig = new SenderRig();

        var outcome = await rig.AttemptAsync(stub.Url);

        Assert.Equal(ReasonCode.HttpStatus, outcome.Reason);
        Assert.Equal(1024, outcome.ResponseExcerpt.Length);
        Assert.InRange(rig.Dialer.BytesRead, 1024, 64 * 1024);
    }

    [Theory]
    [InlineData(15_000, 1000)]
    [InlineData(1_500, 700)]
    public async Task Send_BodyTrickles_DeliveredAfterTheBodysTimeOrTheDeadline(
        int timeoutMs,
        int bodyMs
    )
    {
        var clock = new ManualTimeProvider();
        await using var receiver = RawReceiver.Start(async connection =>
        {
            await connection.ReadRequestAsync();
            // With the shorter deadline, the head uses up all but 700 ms of it.
            clock.Advance(TimeSpan.FromMilliseconds(800));
            await connection.SendAsync(Ok + "Content-Length: 100\r\n\r\nthank");
            await connection.WaitForHangUpAsync();
        });
        using var rig = new SenderRig(timeProvider: clock);

        var sending = rig.AttemptAsync(receiver.Url, TimeSpan.FromMilliseconds(timeoutMs));
        await clock.WaitForTimerAsync(TimeSpan.FromMilliseconds(bodyMs));
        Assert.False(sending.IsCompleted);
        clock.Advance(TimeSpan.FromMilliseconds(bodyMs));

        var outcome = await sending;
        Assert.Equal((ReasonCode.Delivered, 200), (outcome.Reason, outcome.StatusCode));
        Assert.Equal("thank"u8, outcome.ResponseExcerpt.Span);
        Assert.Equal(TimeSpan.FromMilliseconds(800), outcome.Duration);
    }

    [Fact]
    public async Task Send_ResetAfterTheHead_Delivered()
    {
        var clock = new ManualTimeProvider();
        var headRead = new TaskCompletionSource();
        await using var receiver = RawReceiver.Start(async connection =>
        {
            await connection.ReadRequestAsync();
            await connection.SendAsync(Ok + "Content-Length: 100\r\n\r\nthank");
            await headRead.Task;
            connection.Reset();
        });
        using var rig = new SenderRig(timeProvider: clock);

        var sending = rig.AttemptAsync(receiver.Url);
        await clock.WaitForTimerAsync(SenderRig.Loopback.ResponseBodyTimeMax);
        headRead.SetResult();
        var outcome = await sending;

        Assert.Equal((ReasonCode.Delivered, 200), (outcome.Reason, outcome.StatusCode));
    }

    [Theory]
    [InlineData(301)]
    [InlineData(302)]
    [InlineData(303)]
    [InlineData(307)]
    [InlineData(308)]
    public async Task Send_Redirect_IsNotFollowed(int status)
    {
        await using var target = await TenantEndpointStub.StartAsync();
        await using var receiver = RawReceiver.Answering(
            $"HTTP/1.1 {status} Go\r\nLocation: {target.Url}\r\nContent-Length: 0\r\n\r\n"
        );
        using var rig = new SenderRig();

        var outcome = await rig.AttemptAsync(receiver.Url);

        Assert.Equal((ReasonCode.HttpStatus, status), (outcome.Reason, outcome.StatusCode));
        Assert.Empty(target.Requests);
    }

    [Fact]
    public async Task Send_GzipBomb_IsNotInflated()
    {
        var bomb = GzipOf(new byte[8 * 1024 * 1024]);
        await using var stub = await TenantEndpointStub.StartAsync();
        stub.AnswerWith(
            new StubAnswer(200) { Headers = [new("Content-Encoding", "gzip")], Body = bomb }
        );
        using var rig = new SenderRig();

        var outcome = await rig.AttemptAsync(stub.Url);

        Assert.Equal(bomb.AsSpan(0, 1024), outcome.ResponseExcerpt.Span);
    }

    [Fact]
    public async Task Send_ExcerptOfBinaryBody_IsRaw()
    {
        var body = Enumerable.Range(0, 256).Select(value => (byte)value).ToArray();
        await using var stub = await TenantEndpointStub.StartAsync();
        stub.AnswerWith(new StubAnswer(500) { Body = body });
        using var rig = new SenderRig();

        var outcome = await rig.AttemptAsync(stub.Url);

        Assert.Equal(body.AsSpan(), outcome.ResponseExcerpt.Span);
    }

    [Fact]
    public async Task Send_AnswersWithoutReadingTheBody_IsBounded()
    {
        var clock = new ManualTimeProvider();
        await using var receiver = RawReceiver.Start(async connection =>
        {
            await connection.SendAsync(Ok + "Content-Length: 0\r\n\r\n");
            await Task.Delay(Timeout.Infinite, connection.Stopping);
        });
        using var rig = new SenderRig(timeProvider: clock);

        var sending = rig.AttemptAsync(
            SenderRig.Request(receiver.Url, payload: new byte[32 * 1024 * 1024])
        );
        await clock.WaitForTimerAsync(TimeSpan.FromSeconds(15));
        clock.Advance(TimeSpan.FromSeconds(15));

        Assert.Equal(ReasonCode.Timeout, (await sending).Reason);
    }

    [Theory]
    [InlineData("timeout=60", 1)]
    [InlineData("timeout=1", 3)]
    [InlineData("timeout=0", 3)]
    [InlineData("timeout=-1", 1)]
    [InlineData("timeout=99999999999", 1)]
    public async Task Send_ReceiverSaysHowLongItKeepsConnections_IsKeptTo(
        string keepAlive,
        int connections
    )
    {
        await using var receiver = WireReceiver.Start();
        receiver.Answer = _ =>
            Task.FromResult(WireReceiver.Status(200, $"Keep-Alive: {keepAlive}"));
        using var rig = new SenderRig();

        for (var i = 0; i < 3; i++)
        {
            await rig.AttemptAsync(receiver.Url);
        }

        Assert.Equal(connections, receiver.ConnectionCount);
    }

    private static async Task Until(Func<bool> reached)
    {
        while (!reached())
        {
            await Task.Delay(1, TestContext.Current.CancellationToken);
        }
    }

    private static byte[] GzipOf(byte[] bytes)
    {
        using var packed = new MemoryStream();
        using (var gzip = new GZipStream(packed, CompressionLevel.Fastest))
        {
            gzip.Write(bytes);
        }

        return packed.ToArray();
    }
}
