using System.Net.Sockets;
using System.Text;

namespace WebhookDelivery.Api.Tests;

/// <summary>What the framework would answer by itself, over raw sockets where a client library is too polite.</summary>
public sealed class FrameworkErrorTests(TestApi api)
{
    [Theory]
    [InlineData("/")]
    [InlineData("/v1")]
    [InlineData("/v1/nothing")]
    [InlineData("/v2/events")]
    [InlineData("/openapi/v2.json")]
    [InlineData("/v1/events/%ff/payload/x")]
    public async Task Get_UnknownRoute_AnswersNotFound(string path)
    {
        using var answer = await api.Anonymous.GetAsync(path);

        await answer.AssertProblemAsync(404, "not_found");
    }

    [Theory]
    [InlineData("PUT", "/v1/events", "GET, POST")]
    [InlineData("DELETE", "/events", "POST")]
    [InlineData("POST", "/health/live", "GET, HEAD")]
    [InlineData("POST", "/v1/endpoints/ep_1", "DELETE, GET, PATCH, PUT")]
    public async Task Send_OtherMethod_AnswersMethodNotAllowed(
        string method,
        string path,
        string allowed
    )
    {
        using var request = new HttpRequestMessage(new HttpMethod(method), path);

        using var answer = await api.Anonymous.SendAsync(request);

        await answer.AssertProblemAsync(405, "method_not_allowed");
        Assert.Equal(
            allowed,
            string.Join(", ", answer.Content.Headers.Allow.Order(StringComparer.Ordinal))
        );
    }

    [Fact]
    public async Task Send_UnhandledException_AnswersInternalErrorAndLogsIt()
    {
        using var answer = await api.Anonymous.GetAsync("/broken");

        var problem = await answer.AssertProblemAsync(500, "internal_error");
        Assert.DoesNotContain("whsec_", problem.ToString(), StringComparison.Ordinal);
        Assert.DoesNotContain("InvalidOperation", problem.ToString(), StringComparison.Ordinal);
        Assert.Contains(
            api.Log,
            line =>
                line.StartsWith("Error GET /broken failed", StringComparison.Ordinal)
                && line.Contains("InvalidOperationException", StringComparison.Ordinal)
        );
    }

    [Theory]
    [InlineData("zz\r\n{}\r\n0\r\n\r\n")]
    [InlineData("2\r\n{}0\r\n\r\n")]
    [InlineData("-1\r\n{}\r\n")]
    public async Task Post_MalformedChunks_AnswersBadRequest(string body)
    {
        var tenant = await api.NewTenantAsync();

        var answer = await RawAsync(Head(tenant, "Transfer-Encoding: chunked") + body);

        Assert.StartsWith("HTTP/1.1 400 ", answer, StringComparison.Ordinal);
        Assert.Contains("\"code\":\"bad_request\"", answer, StringComparison.Ordinal);
        Assert.Contains("application/problem+json", answer, StringComparison.Ordinal);
        await tenant.AssertNoEventsAsync();
    }

    [Fact]
    public async Task Post_TooLargeByLength_IsAnsweredBeforeTheBody()
    {
        var tenant = await api.NewTenantAsync();

        var answer = await RawAsync(Head(tenant, $"Content-Length: {TestApi.MaxPayloadBytes + 1}"));

        Assert.StartsWith("HTTP/1.1 413 ", answer, StringComparison.Ordinal);
        Assert.Contains("\"code\":\"payload_too_large\"", answer, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Post_EndlessChunks_AreCutOff()
    {
        var tenant = await api.NewTenantAsync();
        var chunk = "10000\r\n" + new string(' ', 0x10000) + "\r\n";

        var answer = await RawAsync(
            Head(tenant, "Transfer-Encoding: chunked") + string.Concat(Enumerable.Repeat(chunk, 4))
        );

        Assert.StartsWith("HTTP/1.1 413 ", answer, StringComparison.Ordinal);
        await tenant.AssertNoEventsAsync();
    }

    [Fact]
    public async Task Post_BodyCutShort_StoresNothing()
    {
        var tenant = await api.NewTenantAsync();

        await RawAsync(Head(tenant, "Content-Length: 100") + "{\"a\":1}", hangUp: true);

        await tenant.AssertNoEventsAsync();
    }

    [Fact]
    public async Task Post_HugePathAndHeader_IsNoServerError()
    {
        var tenant = await api.NewTenantAsync();

        var path = await RawAsync(
            $"GET /v1/events/{new string('x', 20_000)} HTTP/1.1\r\nHost: a\r\n\r\n"
        );
        var nul = await RawAsync("GET /v1/events/%00 HTTP/1.1\r\nHost: a\r\n\r\n");
        var header = await RawAsync(Head(tenant, "X: " + new string('x', 100_000)));

        Assert.StartsWith("HTTP/1.1 4", path, StringComparison.Ordinal);
        Assert.StartsWith("HTTP/1.1 4", nul, StringComparison.Ordinal);
        Assert.StartsWith("HTTP/1.1 4", header, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Post_TwoOnOneConnection_AreBothAnswered()
    {
        var tenant = await api.NewTenantAsync();
        var one = Head(tenant, "Content-Length: 2") + "{}";

        var answer = await RawAsync(
            one + one.Replace("/v1/events", "/events", StringComparison.Ordinal),
            answers: 2
        );

        Assert.Equal(3, answer.Split("HTTP/1.1 201 Created").Length);
    }

    [Theory]
    [InlineData("ce-type: a\r\nce-type: b", "invalid_event_type")]
    [InlineData("Idempotency-Key: a\r\nIdempotency-Key: a", "invalid_idempotency_key")]
    public async Task Post_HeaderTwice_IsRefused(string headers, string code)
    {
        var tenant = await api.NewTenantAsync();

        var answer = await RawAsync(Head(tenant, headers + "\r\nContent-Length: 2") + "{}");

        Assert.Contains($"\"code\":\"{code}\"", answer, StringComparison.Ordinal);
        await tenant.AssertNoEventsAsync();
    }

    private static string Head(TestTenant tenant, string header) =>
        $"POST /v1/events HTTP/1.1\r\nHost: a\r\nAuthorization: Bearer {tenant.Key}\r\nContent-Type: application/json\r\n{header}\r\n\r\n";

    /// <summary>Sends text and reads as many answers, or until the server closes.</summary>
    private async Task<string> RawAsync(string request, int answers = 1, bool hangUp = false)
    {
        using var socket = new Socket(SocketType.Stream, ProtocolType.Tcp);
        await socket.ConnectAsync(api.Address.Host, api.Address.Port);
        var answer = new StringBuilder();
        var buffer = new byte[65_536];
        using var deadline = new CancellationTokenSource(TimeSpan.FromSeconds(20));
        try
        {
            await socket.SendAsync(Encoding.ASCII.GetBytes(request));
            if (hangUp)
            {
                socket.Shutdown(SocketShutdown.Send);
            }

            while (await socket.ReceiveAsync(buffer, deadline.Token) is var count and > 0)
            {
                answer.Append(Encoding.UTF8.GetString(buffer, 0, count));
                var text = answer.ToString();
                if (text.EndsWith('}') && text.Split("HTTP/1.1 ").Length > answers)
                {
                    break;
                }
            }
        }
        catch (SocketException)
        {
            // The server reset a connection that still had bytes to read; what it said is here.
        }

        return answer.ToString();
    }
}
