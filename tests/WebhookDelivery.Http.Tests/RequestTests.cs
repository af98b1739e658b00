using System.Diagnostics;
using System.Text;
using WebhookDelivery.Core;
using WebhookDelivery.Testing;

namespace WebhookDelivery.Http.Tests;

/// <summary>What arrives at the receiver, to the byte.</summary>
public sealed class RequestTests
{
    private static readonly string[] SendersHeaders =
    [
        "Host",
        "Content-Type",
        "Content-Length",
        "User-Agent",
    ];

    [Fact]
    public async Task Send_Request_IsTheGivenHeadersAndTheSendersFour()
    {
        using var activity = new Activity("ambient").Start();
        activity.AddBaggage("secret", "baggage");
        var head = "";
        await using var receiver = RawReceiver.Start(async connection =>
        {
            (head, _) = await connection.ReadRequestAsync();
            await connection.SendAsync("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n");
        });
        using var rig = new SenderRig();

        await rig.AttemptAsync(
            SenderRig.Request(
                new Uri($"http://127.0.0.1:{receiver.Port}/a/b%20c?d=e&f"),
                payload: "{}"u8.ToArray(),
                headers:
                [
                    new("webhook-id", "evt_1"),
                    new("Stripe-Signature", "t=1,v1=ab"),
                    new("Authorization", "Bearer abc"),
                    new("X-Own", "a, b;c=\"d\""),
                    new("Expires", "never"),
                ]
            )
        );

        var lines = head.Split("\r\n");
        Assert.Equal("POST /a/b%20c?d=e&f HTTP/1.1", lines[0]);
        Assert.Equal(
            [
                "Authorization: Bearer abc",
                "Content-Length: 2",
                "Content-Type: application/json",
                "Expires: never",
                $"Host: 127.0.0.1:{receiver.Port}",
                "Stripe-Signature: t=1,v1=ab",
                "User-Agent: WebhookDelivery/9.8.7",
                "X-Own: a, b;c=\"d\"",
                "webhook-id: evt_1",
            ],
            lines[1..].Order(StringComparer.Ordinal)
        );
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(4096)]
    [InlineData(1_048_576)]
    public async Task Send_Payload_ArrivesByteForByte(int length)
    {
        var payload = new byte[length];
        new Random(length).NextBytes(payload);
        await using var stub = await TenantEndpointStub.StartAsync();
        using var rig = new SenderRig();

        await rig.AttemptAsync(SenderRig.Request(stub.Url, payload: payload));

        var request = Assert.Single(stub.Requests);
        Assert.Equal("POST", request.Method);
        Assert.True(payload.AsSpan().SequenceEqual(request.Body));
        Assert.Equal(SendersHeaders.Order(), request.Headers.Keys.Order());
        Assert.Equal($"{length}", request.Headers["Content-Length"]);
    }

    [Theory]
    [InlineData("Host", "victim.example")]
    [InlineData("host", "victim.example")]
    [InlineData("Content-Length", "1")]
    [InlineData("Content-Type", "text/plain")]
    [InlineData("Transfer-Encoding", "chunked")]
    [InlineData("User-Agent", "curl")]
    [InlineData("Connection", "close")]
    [InlineData("Expect", "100-continue")]
    [InlineData("Upgrade", "h2c")]
    [InlineData("X-Injected", "a\r\nX-Evil: b")]
    [InlineData("X-Injected", "a\nX-Evil: b")]
    [InlineData("X-Injected\r\nX-Evil", "b")]
    [InlineData("X Injected", "b")]
    [InlineData("", "b")]
    public async Task Send_HeaderThatIsNotTheCallers_IsLeftOut(string name, string value)
    {
        var head = "";
        await using var receiver = RawReceiver.Start(async connection =>
        {
            (head, _) = await connection.ReadRequestAsync();
            await connection.SendAsync("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n");
        });
        using var rig = new SenderRig();

        var outcome = await rig.AttemptAsync(
            SenderRig.Request(receiver.Url, headers: [new(name, value), new("X-Kept", "yes")])
        );

        Assert.Equal(ReasonCode.Delivered, outcome.Reason);
        Assert.Equal(
            [.. SendersHeaders.Append("X-Kept").Order(StringComparer.Ordinal)],
            head.Split("\r\n")[1..].Select(line => line.Split(':')[0]).Order(StringComparer.Ordinal)
        );
        Assert.Contains($"Host: 127.0.0.1:{receiver.Port}", head, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Send_HeaderBeyondAscii_ArrivesAsUtf8()
    {
        var head = "";
        await using var receiver = RawReceiver.Start(async connection =>
        {
            (head, _) = await connection.ReadRequestAsync();
            await connection.SendAsync("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n");
        });
        using var rig = new SenderRig();

        await rig.AttemptAsync(
            SenderRig.Request(receiver.Url, headers: [new("webhook-event-type", "заказ")])
        );

        var utf8 = Encoding.Latin1.GetString(Encoding.UTF8.GetBytes("заказ"));
        Assert.Contains($"webhook-event-type: {utf8}\r\n", head + "\r\n", StringComparison.Ordinal);
    }

    [Fact]
    public async Task Send_ProxyInTheEnvironment_IsNotUsed()
    {
        await using var proxy = await TenantEndpointStub.StartAsync();
        await using var stub = await TenantEndpointStub.StartAsync();
        var before = System.Net.Http.HttpClient.DefaultProxy;
        System.Net.Http.HttpClient.DefaultProxy = new System.Net.WebProxy(proxy.Url);
        try
        {
            using var rig = new SenderRig();
            await rig.AttemptAsync(stub.Url);
        }
        finally
        {
            System.Net.Http.HttpClient.DefaultProxy = before;
        }

        Assert.Single(stub.Requests);
        Assert.Empty(proxy.Requests);
    }
}
