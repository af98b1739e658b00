using System.IO.Compression;
using System.Text;
using WebhookDelivery.Core;
using WebhookDelivery.Testing;

namespace WebhookDelivery.Http.Tests;

/// <summary>
/// Receivers that break HTTP or try to hold the sender. Each gets one attempt, bounded in time and
/// memory, with its documented outcome.
/// </summary>
public sealed class HostileReceiverTests
{
    private const string Ok = "HTTP/1.1 200 OK\r\n";

    /// <summary>
    /// What a single exchange may read: the headers' 32 KiB, chunks of one byte each for the body's
    /// 16 KiB, and one last read, which is as large as the handler's buffer has grown.
    /// </summary>
    private const long BytesReadMax = (32 * 1024) + (6 * 16 * 1024) + (64 * 1024);

    /// <summary>Answers that end with the connection, whole or not.</summary>
    public static TheoryData<string, string, ReasonCode, int?> Answers =>
        new()
        {
            { "closes at once", "", ReasonCode.ConnectFailed, null },
            { "closes within the status line", "HTTP/1.1 20", ReasonCode.ConnectFailed, null },
            { "closes within the headers", Ok + "X-A: b\r\n", ReasonCode.ConnectFailed, null },
            { "garbage", "\x01\x02\xff\xfe hello\r\n\r\n", ReasonCode.BadResponse, null },
            { "HTTP/0.9", "<html>delivered, honestly</html>\r\n", ReasonCode.BadResponse, null },
            { "status not a number", "HTTP/1.1 abc OK\r\n\r\n", ReasonCode.BadResponse, null },
            { "status of four digits", "HTTP/1.1 2000 OK\r\n\r\n", ReasonCode.BadResponse, null },
            { "no status", "HTTP/1.1\r\n\r\n", ReasonCode.BadResponse, null },
            {
                "HTTP/2 frame",
                "\0\0\x12\x04\0\0\0\0\0\0\x03\0\0\0\n",
                ReasonCode.BadResponse,
                null
            },
            { "other protocol", "SSH-2.0-OpenSSH_9.9\r\n", ReasonCode.BadResponse, null },
            { "header without colon", Ok + "nonsense\r\n\r\n", ReasonCode.BadResponse, null },
            { "header name with space", Ok + "X Y: z\r\n\r\n", ReasonCode.BadResponse, null },
            { "NUL in header name", Ok + "X\0Y: z\r\n\r\n", ReasonCode.BadResponse, null },
            {
                "control characters in header value",
                Ok + "X: a\x01\x07\x1b[31m\r\nContent-Length: 0\r\n\r\n",
                ReasonCode.Delivered,
                200
            },
            { "short body", Ok + "Content-Length: 100\r\n\r\nshort", ReasonCode.Delivered, 200 },
            {
                "bad chunk size",
                Ok + "Transfer-Encoding: chunked\r\n\r\nzz\r\nhello\r\n",
                ReasonCode.Delivered,
                200
            },
            {
                "huge chunk size",
                Ok + "Transfer-Encoding: chunked\r\n\r\nffffffffffffffffff\r\nhello\r\n",
                ReasonCode.Delivered,
                200
            },
            {
                "conflicting content lengths",
                Ok + "Content-Length: 3\r\nContent-Length: 7\r\n\r\nabcdefg",
                ReasonCode.Delivered,
                200
            },
            {
                "negative content length",
                Ok + "Content-Length: -1\r\n\r\nabc",
                ReasonCode.Delivered,
                200
            },
            {
                "huge content length",
                Ok + "Content-Length: 9223372036854775807\r\n\r\nabc",
                ReasonCode.Delivered,
                200
            },
            { "HTTP/1.0 without headers", "HTTP/1.0 200 OK\r\n\r\n", ReasonCode.Delivered, 200 },
            {
                "204 with body",
                "HTTP/1.1 204 No\r\nContent-Length: 5\r\n\r\nhello",
                ReasonCode.Delivered,
                204
            },
            {
                "304 with body",
                "HTTP/1.1 304 No\r\nContent-Length: 5\r\n\r\nhello",
                ReasonCode.HttpStatus,
                304
            },
            {
                "upgrade",
                "HTTP/1.1 101 Up\r\nConnection: upgrade\r\nUpgrade: h2c\r\n\r\n",
                ReasonCode.HttpStatus,
                101
            },
            {
                "a response too many",
                Ok + "Content-Length: 0\r\n\r\nHTTP/1.1 410 Gone\r\nContent-Length: 0\r\n\r\n",
                ReasonCode.Delivered,
                200
            },
        };

    [Theory]
    [MemberData(nameof(Answers))]
    public async Task Send_Answer_IsOneBoundedAttempt(
        string name,
        string answer,
        ReasonCode reason,
        int? status
    )
    {
        _ = name;
        await using var receiver = RawReceiver.Answering(answer);
        using var rig = new SenderRig();

        var outcome = await rig.AttemptAsync(receiver.Url);

        Assert.Equal((reason, status), (outcome.Reason, outcome.StatusCode));
        Assert.Equal(1, receiver.RequestCount);
        Assert.Single(rig.Dialer.Dialed);
    }

    [Fact]
    public async Task Send_ResponseTooMany_IsNotTheNextRequestsAnswer()
    {
        await using var receiver = RawReceiver.Start(async connection =>
        {
            await connection.ReadRequestAsync();
            await connection.SendAsync(
                Ok + "Content-Length: 0\r\n\r\nHTTP/1.1 410 Gone\r\nContent-Length: 0\r\n\r\n"
            );
            await connection.WaitForHangUpAsync();
        });
        using var rig = new SenderRig();

        await rig.AttemptAsync(receiver.Url);
        var second = await rig.AttemptAsync(receiver.Url);

        Assert.Equal(ReasonCode.Delivered, second.Reason);
    }

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

    [Fact]
    public async Task Send_FloodOfInterimResponses_BadResponse() =>
        await StopsReadingAsync(
            ReasonCode.BadResponse,
            start: "",
            forever: string.Concat(Enumerable.Repeat("HTTP/1.1 103 Hints\r\nA: b\r\n\r\n", 100))
        );

    [Fact]
    public async Task Send_EndlessHeaders_BadResponse() =>
        await StopsReadingAsync(ReasonCode.BadResponse, Ok, "X-More: and more\r\n");

    [Fact]
    public async Task Send_GiantHeader_BadResponse() =>
        await StopsReadingAsync(ReasonCode.BadResponse, Ok + "X-Giant: ", new string('a', 4096));

    [Fact]
    public async Task Send_EndlessStatusLine_BadResponse() =>
        await StopsReadingAsync(ReasonCode.BadResponse, "HTTP/1.1 200 ", new string('a', 4096));

    [Fact]
    public async Task Send_EndlessBody_DeliveredAndHungUp() =>
        await StopsReadingAsync(ReasonCode.Delivered, Ok + "\r\n", new string('a', 4096));

    [Fact]
    public async Task Send_EndlessChunks_DeliveredAndHungUp() =>
        await StopsReadingAsync(
            ReasonCode.Delivered,
            Ok + "Transfer-Encoding: chunked\r\n\r\n",
            "1\r\na\r\n"
        );

    [Fact]
    public async Task Send_EndlessChunkExtension_DeliveredAndHungUp() =>
        await StopsReadingAsync(
            ReasonCode.Delivered,
            Ok + "Transfer-Encoding: chunked\r\n\r\n1;x=",
            new string('a', 4096)
        );

    [Fact]
    public async Task Send_EndlessTrailers_DeliveredAndHungUp() =>
        await StopsReadingAsync(
            ReasonCode.Delivered,
            Ok + "Transfer-Encoding: chunked\r\n\r\n1\r\na\r\n0\r\n",
            "X-Trailer: more\r\n"
        );

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
    public async Task Send_ResetBeforeTheStatusLine_ConnectFailed()
    {
        await using var receiver = RawReceiver.Start(async connection =>
        {
            await connection.ReadRequestAsync();
            connection.Reset();
        });
        using var rig = new SenderRig();

        var outcome = await rig.AttemptAsync(receiver.Url);

        Assert.Equal((ReasonCode.ConnectFailed, null), (outcome.Reason, outcome.StatusCode));
        Assert.Equal(1, receiver.ConnectionCount);
    }

    [Fact]
    public async Task Send_ResetBeforeTheRequest_ConnectFailed()
    {
        await using var receiver = RawReceiver.Start(connection =>
        {
            connection.Reset();
            return Task.CompletedTask;
        });
        using var rig = new SenderRig();

        var outcome = await rig.AttemptAsync(receiver.Url);

        Assert.Equal(ReasonCode.ConnectFailed, outcome.Reason);
        Assert.Equal(1, receiver.ConnectionCount);
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
    public async Task Send_SetCookie_IsNotSentBack()
    {
        await using var stub = await TenantEndpointStub.StartAsync();
        stub.AnswerWith(new StubAnswer(200) { Headers = [new("Set-Cookie", "id=1; Path=/")] });
        using var rig = new SenderRig();

        await rig.AttemptAsync(stub.Url);
        await rig.AttemptAsync(stub.Url);

        Assert.Equal(2, stub.Requests.Count);
        Assert.DoesNotContain(stub.Requests, request => request.Headers.ContainsKey("Cookie"));
    }

    [Fact]
    public async Task Send_AuthenticationChallenge_IsNotAnswered()
    {
        await using var stub = await TenantEndpointStub.StartAsync();
        stub.AnswerWith(
            new StubAnswer(401)
            {
                Headers = [new("WWW-Authenticate", "Negotiate"), new("WWW-Authenticate", "NTLM")],
            }
        );
        using var rig = new SenderRig();

        var outcome = await rig.AttemptAsync(stub.Url);

        Assert.Equal(ReasonCode.HttpStatus, outcome.Reason);
        Assert.Single(stub.Requests);
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

    private static async Task Until(Func<bool> reached)
    {
        while (!reached())
        {
            await Task.Delay(1, TestContext.Current.CancellationToken);
        }
    }

    /// <summary>The clock stands still: what ends the attempt is a limit on bytes, not the deadline.</summary>
    private static async Task StopsReadingAsync(ReasonCode reason, string start, string forever)
    {
        var hungUp = new TaskCompletionSource();
        await using var receiver = RawReceiver.Start(async connection =>
        {
            try
            {
                await connection.ReadRequestAsync();
                await connection.SendAsync(start);
                await connection.SendForeverAsync(Encoding.ASCII.GetBytes(forever));
            }
            finally
            {
                hungUp.SetResult();
            }
        });
        using var rig = new SenderRig(timeProvider: new ManualTimeProvider());

        var outcome = await rig.AttemptAsync(receiver.Url);

        Assert.Equal(reason, outcome.Reason);
        Assert.InRange(outcome.ResponseExcerpt.Length, 0, 1024);
        await hungUp.Task.WaitAsync(TimeSpan.FromSeconds(30));
        Assert.InRange(rig.Dialer.BytesRead, 1, BytesReadMax);
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
