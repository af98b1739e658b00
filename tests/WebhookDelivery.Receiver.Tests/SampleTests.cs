using System.Globalization;
using System.Net.Sockets;
using System.Text;
using WebhookDelivery.Signatures;

namespace WebhookDelivery.Receiver.Tests;

/// <summary>The guide's samples do what the guide says of them.</summary>
public sealed class SampleTests(NodeSamples node) : IClassFixture<NodeSamples>
{
    private const int BodyBytesMax = 4 * 1024 * 1024;

    private readonly string _secret = SigningSecret.Generate().Value;

    [Fact]
    public Task CSharpReceiver_Deliveries_AreToldApart() =>
        AssertTellsApart(
            "dotnet",
            // The library acknowledges a duplicate itself, without a line of the sample's.
            duplicateLine: null,
            Repository.Assembly("docs/samples/csharp-receiver", "CSharpReceiver")
        );

    [Fact]
    public Task CSharpPlain_Deliveries_AreToldApart() =>
        AssertTellsApart(
            "dotnet",
            "duplicate evt_1",
            Repository.Assembly("docs/samples/csharp-plain", "CSharpPlain")
        );

    [Theory]
    [InlineData("standardwebhooks")]
    [InlineData("stripe")]
    public Task Node_Deliveries_AreToldApart(string sample) =>
        AssertTellsApart("node", "duplicate evt_1", node.Compiled(sample));

    [Fact]
    public Task Python_Deliveries_AreToldApart() =>
        AssertTellsApart(
            "python3",
            "duplicate evt_1",
            Repository.File("docs/samples/python/receiver.py")
        );

    [Fact]
    public Task CSharpReceiver_LargeBodies_AreRefused() =>
        AssertBoundsTheBody(
            "dotnet",
            Repository.Assembly("docs/samples/csharp-receiver", "CSharpReceiver"),
            bytesMax: BodyBytesMax + (64 * 1024)
        );

    [Fact]
    public Task CSharpPlain_LargeBodies_AreRefused() =>
        AssertBoundsTheBody(
            "dotnet",
            Repository.Assembly("docs/samples/csharp-plain", "CSharpPlain")
        );

    [Theory]
    [InlineData("standardwebhooks")]
    [InlineData("stripe")]
    public Task Node_LargeBodies_AreRefused(string sample) =>
        AssertBoundsTheBody("node", node.Compiled(sample));

    [Fact]
    public Task Python_LargeBodies_AreRefused() =>
        AssertBoundsTheBody(
            "python3",
            Repository.File("docs/samples/python/receiver.py"),
            takesChunks: false
        );

    private async Task AssertTellsApart(string file, string? duplicateLine, string argument)
    {
        await using var sample = await StartedProgram.StartAsync(_secret, file, argument);

        Assert.Equal(401, await StatusAsync(sample, Delivery("evt_0").WithBody("{}")));
        Assert.Equal(401, await StatusAsync(sample, Delivery("evt_0", minutesAgo: 6)));

        Assert.Equal(204, await StatusAsync(sample, Delivery("evt_1")));
        Assert.Contains("processed evt_1", await sample.ReadLineAsync("evt_"));

        var duplicate = await StatusAsync(sample, Delivery("evt_1"));
        Assert.Equal(duplicateLine is null ? 200 : 204, duplicate);
        Assert.Equal(204, await StatusAsync(sample, Delivery("evt_2")));
        if (duplicateLine is not null)
        {
            Assert.Equal(duplicateLine, await sample.ReadLineAsync("evt_"));
        }

        Assert.Contains("processed evt_2", await sample.ReadLineAsync("evt_"));

        // The work wants a type; an id remembered before it failed would lose the event.
        Assert.Equal(500, await StatusAsync(sample, Delivery("evt_3", body: """{"n":1}""")));
        Assert.Equal(204, await StatusAsync(sample, Delivery("evt_3")));
        Assert.Contains("evt_3", await sample.ReadLineAsync("processed"));
    }

    private async Task AssertBoundsTheBody(
        string file,
        string argument,
        int bytesMax = BodyBytesMax,
        bool takesChunks = true
    )
    {
        await using var sample = await StartedProgram.StartAsync(_secret, file, argument);

        Assert.Equal(413, await TooLargeAsync(sample, $"Content-Length: {bytesMax + 1}"));
        // A chunk begun and not ended: reading stops where the limit is passed. Who takes no chunks
        // says so before any.
        byte[] chunk = takesChunks
            ? [.. Encoding.ASCII.GetBytes($"{bytesMax + 2:x}\r\n"), .. new byte[bytesMax + 1]]
            : [];
        var unannounced = await TooLargeAsync(sample, "Transfer-Encoding: chunked", chunk);
        Assert.Equal(takesChunks ? 413 : 411, unannounced);
        Assert.Equal(204, await StatusAsync(sample, Delivery("evt_1")));
    }

    // By hand: a client may lose the answer while it is still sending.
    private static async Task<int> TooLargeAsync(
        StartedProgram sample,
        string length,
        byte[]? body = null
    )
    {
        using var patience = new CancellationTokenSource(Deliveries.Patience);
        var address = sample.Client.BaseAddress!;
        using var client = new TcpClient();
        await client.ConnectAsync(address.Host, address.Port, patience.Token);
        await using var stream = client.GetStream();
        var head = "POST /webhooks HTTP/1.1\r\nHost: localhost\r\nwebhook-id: evt_0\r\n";
        await stream.WriteAsync(
            (byte[])[.. Encoding.ASCII.GetBytes($"{head}{length}\r\n\r\n"), .. body ?? []],
            patience.Token
        );
        using var reader = new StreamReader(stream, Encoding.ASCII);
        var line = await reader.ReadLineAsync(patience.Token);
        return int.Parse(line!.Split(' ')[1], CultureInfo.InvariantCulture);
    }

    // Signed with the real time: the samples read the machine's clock.
    private HttpRequestMessage Delivery(
        string id,
        int minutesAgo = 0,
        string body = Deliveries.Body
    ) => Deliveries.Signed(_secret, DateTimeOffset.UtcNow.AddMinutes(-minutesAgo), id, body);

    private static async Task<int> StatusAsync(StartedProgram sample, HttpRequestMessage request)
    {
        using var response = await sample.Client.SendAsync(request);
        return (int)response.StatusCode;
    }
}
