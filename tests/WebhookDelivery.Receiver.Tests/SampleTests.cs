using WebhookDelivery.Signatures;

namespace WebhookDelivery.Receiver.Tests;

/// <summary>The guide's samples do what the guide says of them.</summary>
public sealed class SampleTests(NodeSamples node) : IClassFixture<NodeSamples>
{
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
    }

    // Signed with the real time: the samples read the machine's clock.
    private HttpRequestMessage Delivery(string id, int minutesAgo = 0) =>
        Deliveries.Signed(_secret, DateTimeOffset.UtcNow.AddMinutes(-minutesAgo), id);

    private static async Task<int> StatusAsync(StartedProgram sample, HttpRequestMessage request)
    {
        using var response = await sample.Client.SendAsync(request);
        return (int)response.StatusCode;
    }
}
