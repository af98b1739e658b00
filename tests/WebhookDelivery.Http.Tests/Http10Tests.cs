using System.Text;
using WebhookDelivery.Core;
using WebhookDelivery.Testing;

namespace WebhookDelivery.Http.Tests;

/// <summary>
/// Receivers that speak HTTP/1.0, as Python's http.server does. They hang up after each answer: a
/// webhook sent on such a connection would be lost between the two ends.
/// </summary>
public sealed class Http10Tests
{
    [Theory]
    [InlineData("HTTP/1.0 204 No Content\r\nServer: test\r\n\r\n", "")]
    [InlineData("HTTP/1.0 204 No Content\r\n\r\n", "")]
    [InlineData("HTTP/1.0 204 No Content\nServer: test\n\n", "")]
    [InlineData("HTTP/1.0 200 OK\r\nContent-Length: 0\r\n\r\n", "")]
    [InlineData("HTTP/1.0 200 OK\r\nContent-Length: 12\r\n\r\nHTTP/1.0 a\r\n", "HTTP/1.0 a\r\n")]
    [InlineData("HTTP/1.0 200 OK\r\nConnection: close\r\nContent-Length: 2\r\n\r\nok", "ok")]
    [InlineData("HTTP/1.0 200 OK\r\nConnection: keep-alive\r\nContent-Length: 2\r\n\r\nok", "ok")]
    public async Task Send_AnsweredInHttp10_ConnectionIsNotUsedAgain(string answer, string body)
    {
        await AssertConnectionsAsync(answer, body, bytesAtOnce: answer.Length, connections: 3);
        await AssertConnectionsAsync(answer, body, bytesAtOnce: 1, connections: 3);
    }

    [Theory]
    [InlineData("HTTP/1.1 204 No Content\r\nServer: test\r\n\r\n", "")]
    [InlineData("HTTP/1.1 200 OK\r\nContent-Length: 12\r\n\r\nHTTP/1.0 a\r\n", "HTTP/1.0 a\r\n")]
    public async Task Send_AnsweredInHttp11_ConnectionIsUsedAgain(string answer, string body)
    {
        await AssertConnectionsAsync(answer, body, bytesAtOnce: answer.Length, connections: 1);
        await AssertConnectionsAsync(answer, body, bytesAtOnce: 1, connections: 1);
    }

    [Fact]
    public async Task Send_Http10BodyUntilTheEnd_IsReadWhole()
    {
        await using var receiver = RawReceiver.Answering("HTTP/1.0 200 OK\r\n\r\nuntil the end");
        using var rig = new SenderRig();

        var outcome = await rig.AttemptAsync(receiver.Url);

        Assert.Equal(ReasonCode.Delivered, outcome.Reason);
        Assert.Equal("until the end", Encoding.ASCII.GetString(outcome.ResponseExcerpt.Span));
    }

    /// <summary>The receiver keeps every connection open, so that any use of it again is seen.</summary>
    private static async Task AssertConnectionsAsync(
        string answer,
        string body,
        int bytesAtOnce,
        int connections
    )
    {
        await using var receiver = RawReceiver.Start(async connection =>
        {
            while (true)
            {
                await connection.ReadRequestAsync();
                for (var sent = 0; sent < answer.Length; sent += bytesAtOnce)
                {
                    await connection.SendAsync(answer.Substring(sent, bytesAtOnce));
                }
            }
        });
        using var rig = new SenderRig();

        for (var i = 0; i < 3; i++)
        {
            var outcome = await rig.AttemptAsync(receiver.Url);

            Assert.Equal(ReasonCode.Delivered, outcome.Reason);
            Assert.Equal(body, Encoding.ASCII.GetString(outcome.ResponseExcerpt.Span));
        }

        Assert.Equal(connections, receiver.ConnectionCount);
    }
}
