using System.Net.Http.Json;
using System.Text.Json;
using WebhookDelivery.Signatures;

namespace WebhookDelivery.Receiver.Tests;

/// <summary>The runnable receiver, as a person uses it.</summary>
public sealed class WebhookReceiverProgramTests
{
    private readonly string _secret = SigningSecret.Generate().Value;

    [Fact]
    public async Task Deliveries_WithASecret_AreVerifiedListedAndPrinted()
    {
        await using var program = await StartAsync("--secret", _secret);

        Assert.Equal(204, await DeliverAsync(program, "evt_1"));
        Assert.Equal(200, await DeliverAsync(program, "evt_1", attempt: 2));
        Assert.Equal(401, await StatusAsync(program, Delivery("evt_2").WithBody("{}")));

        var received = await ReceivedAsync(program);
        Assert.Equal(["evt_1", "evt_1", "evt_2"], Texts(received, "id"));
        Assert.Equal(
            ["Stripe, StandardWebhooks", "Stripe, StandardWebhooks", "refused: signature_mismatch"],
            Texts(received, "verified")
        );
        Assert.Equal(
            [false, true, false],
            received.Select(d => d.GetProperty("duplicate").GetBoolean())
        );
        Assert.Equal("order.paid", received[0].GetProperty("type").GetString());
        Assert.Equal(2, received[1].GetProperty("attempt").GetInt32());
        Assert.Equal(Deliveries.Body, received[0].GetProperty("body").GetString());
        Assert.Contains("attempt 1", await program.ReadLineAsync("evt_1"));
        Assert.Contains("DUPLICATE", await program.ReadLineAsync("evt_1"));
    }

    [Fact]
    public async Task Mode_StatusTwice_FailsTwiceThenProcessesTheRetry()
    {
        await using var program = await StartAsync("--secret", _secret);

        using var mode = await program.Client.PostAsJsonAsync(
            "/mode",
            new { status = 500, times = 2 }
        );
        Assert.Equal(200, (int)mode.StatusCode);

        Assert.Equal(500, await DeliverAsync(program, "evt_1"));
        Assert.Equal(500, await DeliverAsync(program, "evt_1", attempt: 2));
        Assert.Equal(204, await DeliverAsync(program, "evt_1", attempt: 3));
        Assert.Equal(200, await DeliverAsync(program, "evt_1", attempt: 4));
        Assert.Equal([500, 500, 204, 200], await AnsweredAsync(program));
    }

    [Fact]
    public async Task Mode_InTheQuery_AndReset()
    {
        await using var program = await StartAsync("--secret", _secret);

        Assert.Equal(200, await PostAsync(program, "/mode?status=418"));
        Assert.Equal(418, await DeliverAsync(program, "evt_1"));
        Assert.Equal(400, await PostAsync(program, "/mode?status=99"));
        Assert.Equal(204, await PostAsync(program, "/reset"));

        Assert.Empty(await ReceivedAsync(program));
        Assert.Equal(204, await DeliverAsync(program, "evt_1"));
    }

    [Fact]
    public async Task Mode_Hang_NeverAnswersAndLeavesTheIdToTheRetry()
    {
        await using var program = await StartAsync("--secret", _secret);
        await PostAsync(program, "/mode?hang=true&times=1");
        using var givingUp = new CancellationTokenSource();

        var hung = program.Client.SendAsync(Delivery("evt_1"), givingUp.Token);
        Assert.Contains("hang", await program.ReadLineAsync("evt_1"));
        Assert.False(hung.IsCompleted);
        await givingUp.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => hung);

        // Until the receiver has noticed that the sender is gone, the webhook is in progress.
        var deadline = DateTime.UtcNow + Deliveries.Patience;
        int status;
        while ((status = await DeliverAsync(program, "evt_1", attempt: 2)) == 409)
        {
            Assert.True(DateTime.UtcNow < deadline, "The hung delivery was never released.");
        }

        Assert.Equal(204, status);
    }

    [Fact]
    public async Task Deliveries_WithoutASecret_AreUnverifiedUntilItIsGiven()
    {
        await using var program = await StartAsync();

        Assert.Equal(204, await DeliverAsync(program, "evt_1"));
        Assert.Equal(400, await PostAsync(program, "/secret?secret=short"));
        using var set = await program.Client.PostAsJsonAsync("/secret", new { secret = _secret });
        Assert.Equal(204, (int)set.StatusCode);
        Assert.Equal(200, await DeliverAsync(program, "evt_1", attempt: 2));
        Assert.Equal(204, await DeliverAsync(program, "evt_2"));

        var received = await ReceivedAsync(program);
        Assert.Equal(
            ["unverified", "Stripe, StandardWebhooks", "Stripe, StandardWebhooks"],
            Texts(received, "verified")
        );
        Assert.Equal(
            [false, true, false],
            received.Select(d => d.GetProperty("duplicate").GetBoolean())
        );
    }

    [Fact]
    public async Task OneEventToTwoPaths_IsADuplicateOnlyWhereItCameBefore()
    {
        await using var program = await StartAsync();

        Assert.Equal(204, await DeliverAsync(program, "evt_1", path: "/a/"));
        Assert.Equal(204, await DeliverAsync(program, "evt_1", path: "/b"));
        Assert.Equal(200, await DeliverAsync(program, "evt_1", path: "/b"));

        using var set = await program.Client.PostAsJsonAsync("/secret", new { secret = _secret });
        Assert.Equal(200, await DeliverAsync(program, "evt_1", path: "/a/"));
        Assert.Equal(200, await DeliverAsync(program, "evt_1", path: "/b"));
        Assert.Equal(204, await DeliverAsync(program, "evt_1", path: "/"));
        Assert.Equal(204, await DeliverAsync(program, "evt_1", path: "/B"));
    }

    private static Task<StartedProgram> StartAsync(params string[] arguments) =>
        StartedProgram.StartAsync(
            "",
            "dotnet",
            [
                Repository.Assembly("tests/WebhookReceiver", "WebhookReceiver"),
                "--port",
                "0",
                .. arguments,
            ]
        );

    private HttpRequestMessage Delivery(string id, int attempt = 1, string path = "/webhooks") =>
        Deliveries.Signed(_secret, DateTimeOffset.UtcNow, id, attempt: attempt, path: path);

    private Task<int> DeliverAsync(
        StartedProgram program,
        string id,
        int attempt = 1,
        string path = "/webhooks"
    ) => StatusAsync(program, Delivery(id, attempt, path));

    private static Task<int> PostAsync(StartedProgram program, string path) =>
        StatusAsync(program, new HttpRequestMessage(HttpMethod.Post, path));

    private static async Task<int> StatusAsync(StartedProgram program, HttpRequestMessage request)
    {
        using var response = await program.Client.SendAsync(request);
        return (int)response.StatusCode;
    }

    private static async Task<JsonElement[]> ReceivedAsync(StartedProgram program) =>
        (await program.Client.GetFromJsonAsync<JsonElement[]>("/received"))!;

    private static async Task<IEnumerable<int>> AnsweredAsync(StartedProgram program) =>
        (await ReceivedAsync(program)).Select(d => d.GetProperty("answered").GetInt32());

    private static IEnumerable<string?> Texts(JsonElement[] received, string name) =>
        received.Select(delivery => delivery.GetProperty(name).GetString());
}
