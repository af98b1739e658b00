using System.Text;
using WebhookDelivery.Testing;

namespace WebhookDelivery.EndToEnd.Tests;

/// <summary>
/// Whatever a receiver does, it comes to one attempt with a documented reason, within its deadline,
/// while its neighbour gets the same event at once.
/// </summary>
public abstract class HostileReceiverTests<TEngine> : EndToEndTest<TEngine>
    where TEngine : IEngine, new()
{
    private static readonly Dictionary<string, Func<RawConnection, Task>> s_scripts = new()
    {
        ["reset at once"] = connection =>
        {
            connection.Reset();
            return Task.CompletedTask;
        },
        ["reset after the request"] = async connection =>
        {
            await connection.ReadRequestAsync();
            connection.Reset();
        },
        ["hang up without an answer"] = async connection => await connection.ReadRequestAsync(),
        ["half a status line"] = Saying("HTTP/1.1 2"),
        ["garbage"] = Saying("220 mail.example ESMTP ready\r\n\r\n"),
        ["binary garbage"] = Saying("\0\u0001\u0002\u00ff\r\n\u00fe\r\n\r\n"),
        ["a status of no meaning"] = Saying("HTTP/1.1 abc OK\r\n\r\n"),
        ["headers without end"] = async connection =>
        {
            await connection.ReadRequestAsync();
            await connection.SendAsync("HTTP/1.1 200 OK\r\n");
            await connection.SendForeverAsync(
                Encoding.ASCII.GetBytes($"X-Padding: {new string('x', 1000)}\r\n")
            );
        },
        ["interim responses without end"] = async connection =>
        {
            await connection.ReadRequestAsync();
            await connection.SendForeverAsync("HTTP/1.1 100 Continue\r\n\r\n"u8.ToArray());
        },
        ["hang before reading"] = connection => connection.WaitForHangUpAsync(),
        ["hang after reading"] = async connection =>
        {
            await connection.ReadRequestAsync();
            await connection.WaitForHangUpAsync();
        },
        ["trickle the status line"] = async connection =>
        {
            await connection.ReadRequestAsync();
            foreach (var character in "HTTP/1.1 200 OK\r\n".PadRight(500, 'x'))
            {
                await connection.SendAsync(character.ToString());
                await Task.Delay(TimeSpan.FromMilliseconds(50), connection.Stopping);
            }
        },
        ["redirect to itself"] = Saying(
            "HTTP/1.1 307 Again\r\nLocation: /hook\r\nContent-Length: 0\r\n\r\n"
        ),
        ["an error page of 10 MB"] = async connection =>
        {
            await connection.ReadRequestAsync();
            await connection.SendAsync("HTTP/1.1 500 Oops\r\nContent-Length: 10000000\r\n\r\n");
            await connection.SendAsync(new byte[10_000_000]);
        },
        ["200 with 10 MB"] = async connection =>
        {
            await connection.ReadRequestAsync();
            await connection.SendAsync("HTTP/1.1 200 OK\r\nContent-Length: 10000000\r\n\r\n");
            await connection.SendAsync(new byte[10_000_000]);
        },
        ["200 with a body that never ends"] = async connection =>
        {
            await connection.ReadRequestAsync();
            await connection.SendAsync("HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nhello");
            await connection.WaitForHangUpAsync();
        },
        ["200 with a body cut off"] = Saying("HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nhello"),
    };

    [Theory]
    [InlineData("reset at once", "connect_failed", null)]
    [InlineData("reset after the request", "connect_failed", null)]
    [InlineData("hang up without an answer", "connect_failed", null)]
    [InlineData("half a status line", "connect_failed", null)]
    [InlineData("garbage", "bad_response", null)]
    [InlineData("binary garbage", "bad_response", null)]
    [InlineData("a status of no meaning", "bad_response", null)]
    [InlineData("headers without end", "bad_response", null)]
    [InlineData("interim responses without end", "bad_response", null)]
    [InlineData("hang before reading", "timeout", null)]
    [InlineData("hang after reading", "timeout", null)]
    [InlineData("trickle the status line", "timeout", null)]
    [InlineData("redirect to itself", "http_status", 307)]
    [InlineData("an error page of 10 MB", "http_status", 500)]
    public async Task A_receiver_that_misbehaves_costs_one_bounded_attempt(
        string script,
        string reason,
        int? status
    )
    {
        var attempt = await AttemptAsync(script, "FAILED");

        Assert.Equal(reason, attempt.Reason);
        Assert.Equal(status, attempt.StatusCode);
    }

    [Theory]
    [InlineData("200 with 10 MB", 512, 1024)]
    [InlineData("200 with a body that never ends", 5, 5)]
    [InlineData("200 with a body cut off", 5, 5)]
    public async Task The_status_line_decides_whatever_the_body_does(
        string script,
        int least,
        int most
    )
    {
        var attempt = await AttemptAsync(script, "DELIVERED");

        Assert.Equal(("delivered", 200), (attempt.Reason, attempt.StatusCode));
        // An engine may keep less of what a delivered event was answered with.
        Assert.InRange(attempt.Excerpt.Length, least, most);
    }

    [Fact]
    public async Task A_receiver_that_hangs_is_given_15_seconds_where_nothing_else_is_set()
    {
        var hung = Own(RawReceiver.Start(s_scripts["hang after reading"]));
        var acme = await AddTenantAsync();
        await acme.AddEndpointAsync(hung.Url);
        var id = await acme.PostEventAsync();
        await Eventually.IsAsync(1, () => hung.RequestCount);

        Clock.Advance(TimeSpan.FromSeconds(14.9));
        Assert.Equal("PENDING", (await acme.DeliveryAsync(id)).Status);
        Clock.Advance(TimeSpan.FromSeconds(0.2));

        Assert.Equal("timeout", (await acme.WaitForAsync(id, "FAILED")).LastReason);
        Assert.InRange(Assert.Single(await acme.AttemptsAsync(id)).DurationMs, 15_000, 15_100);
    }

    [Fact]
    public async Task A_port_on_which_nobody_listens_is_a_failed_connection()
    {
        var acme = await AddTenantAsync();
        await acme.AddEndpointAsync(new Uri($"http://127.0.0.1:{RawReceiver.UnusedPort()}/"));

        var failed = await acme.WaitForAsync(await acme.PostEventAsync(), "FAILED");

        Assert.Equal(("connect_failed", null), (failed.LastReason, failed.LastStatusCode));
    }

    [Fact]
    public async Task A_plain_server_behind_https_is_a_failed_handshake()
    {
        var plain = Own(
            RawReceiver.Start(async connection =>
            {
                await connection.ReadSomeAsync();
                await connection.SendAsync(WireReceiver.Status(200));
            })
        );
        var acme = await AddTenantAsync();
        await acme.AddEndpointAsync(new Uri($"https://127.0.0.1:{plain.Port}/"));

        var failed = await acme.WaitForAsync(await acme.PostEventAsync(), "FAILED");

        Assert.Equal(("tls_failed", null), (failed.LastReason, failed.LastStatusCode));
        Assert.Equal(1, plain.ConnectionCount);
    }

    private static Func<RawConnection, Task> Saying(string answer) =>
        async connection =>
        {
            await connection.ReadRequestAsync();
            await connection.SendAsync(answer);
        };

    private async Task<AttemptView> AttemptAsync(string script, string status)
    {
        var hostile = Own(RawReceiver.Start(s_scripts[script]));
        var neighbour = AddReceiver();
        var acme = await AddTenantAsync();
        var bad = await acme.AddEndpointAsync(hostile.Url, """ "timeout_seconds":3 """);
        var good = await acme.AddEndpointAsync(neighbour.Url);

        var id = await acme.PostEventAsync();
        await acme.WaitForAsync(id, good, "DELIVERED");
        await PumpAsync(
            TimeSpan.FromSeconds(1),
            TimeSpan.FromSeconds(10),
            async () => (await acme.DeliveryAsync(id, bad)).Status == status
        );

        Assert.Equal(1, (await acme.DeliveryAsync(id, bad)).Attempts);
        Assert.InRange(hostile.ConnectionCount, 1, 1);
        Assert.Single(neighbour.Requests);
        var attempts = await acme.AttemptsAsync(id);
        Assert.Equal(2, attempts.Count);
        var attempt = attempts.Single(each => each.StatusCode != 200 || each.Excerpt.Length > 0);
        Assert.InRange(attempt.DurationMs, 0, 3000);
        return attempt;
    }
}
