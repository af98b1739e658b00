using System.Text.Json.Nodes;
using WebhookDelivery.Testing;

namespace WebhookDelivery.Lambda.Tests;

/// <summary>
/// Functions that are killed between two steps, or kept from one: what was accepted is delivered, by
/// what SQS hands out again and by what the sweeper finds.
/// </summary>
[Collection(FunctionFixture.Collection)]
public sealed class CrashTests(FunctionFixture functions)
{
    private const string NoFailures = """{"batchItemFailures":[]}""";
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(20);

    [Fact]
    public async Task Worker_KilledAfterTheExchange_AttemptsItAgain()
    {
        var tenant = await functions.CreateTenantAsync();
        var id = await tenant.PostAsync();
        var message = await tenant.ReceiveAsync();

        await KillWorkerAsync(functions.Home.WayToDynamoDb, "UpdateItem", tenant, message.Body);
        Assert.Single(tenant.Requests);
        Assert.Equal("PENDING", await tenant.StatusOfAsync(id));

        var end = await WorkAsync(message.Body, receiveCount: 2);

        Assert.Equal(NoFailures, end.Text);
        Assert.Equal("DELIVERED", await tenant.StatusOfAsync(id));
        Assert.Equal([id, id], tenant.Requests.Select(request => request["webhook-id"]));
    }

    [Fact]
    public async Task Worker_KilledBeforeTheRetrysMessage_IsHealedByTheSweeper()
    {
        var tenant = await functions.CreateTenantAsync();
        var id = await tenant.PostAsync();
        var message = await tenant.ReceiveAsync();
        using (functions.Fail(tenant))
        {
            await KillWorkerAsync(functions.Home.WayToSqs, "SendMessage", tenant, message.Body);
        }

        Assert.Equal("FAILED", await tenant.StatusOfAsync(id));

        // The message comes again, and is of an attempt that was made.
        var again = await WorkAsync(message.Body, receiveCount: 2);
        Assert.Equal(NoFailures, again.Text);
        Assert.Single(tenant.Requests);

        Assert.Equal(0, await SweepAsync());
        await functions.Home.PassAsync(tenant.Id, TimeSpan.FromMinutes(5));
        Assert.Equal(1, await SweepAsync());
        var healed = await tenant.ReceiveAsync();
        var end = await WorkAsync(healed.Body);

        Assert.Equal(NoFailures, end.Text);
        Assert.Equal("DELIVERED", await tenant.StatusOfAsync(id));
        Assert.Equal(["1", "2"], tenant.Requests.Select(request => request["webhook-attempt"]));
    }

    [Fact]
    public async Task Api_KilledBeforeTheMessage_GoesOnUnderTheSameKey()
    {
        var tenant = await functions.CreateTenantAsync();
        await using (var api = await functions.StartAsync("Api"))
        {
            using var held = Hold(functions.Home.WayToSqs, "SendMessage", tenant, out var arrived);
            var unanswered = tenant.PostAsync(api, "key-1");
            await arrived.WaitAsync(s_patience);
            await api.Process.KillAsync();
            Assert.False(unanswered.IsCompleted);
        }

        // Whoever was at it may be alive until the lease ends.
        await functions.Home.PassAsync(tenant.Id, TimeSpan.FromMinutes(1));
        var answer = await tenant.PostAsync(functions.Api, "key-1");
        Assert.Equal(201, answer.Status);
        var id = (string)JsonNode.Parse(answer.Text)!["event_id"]!;
        var message = await tenant.ReceiveAsync();
        await WorkAsync(message.Body);

        Assert.Equal(id, Assert.Single(tenant.Requests)["webhook-id"]);
        var listed = JsonNode.Parse((await tenant.CallAsync("GET", "/v1/events")).Text)!;
        Assert.Equal(id, (string)Assert.Single(listed["data"]!.AsArray())!["event_id"]!);
        Assert.Equal("DELIVERED", await tenant.StatusOfAsync(id));
    }

    [Fact]
    public async Task Event_WhoseMessageSqsRefused_IsAcceptedAndHealedByTheSweeper()
    {
        var tenant = await functions.CreateTenantAsync();
        string id;
        using (
            functions.Home.WayToSqs.On(
                request => request.Operation == "SendMessage" && tenant.IsOwn(request),
                AwsFault.Refuse("ServiceUnavailable", 503)
            )
        )
        {
            id = await tenant.PostAsync();
        }

        Assert.Equal(1, await SweepAsync());
        var message = await tenant.ReceiveAsync();
        await WorkAsync(message.Body);

        Assert.Equal("DELIVERED", await tenant.StatusOfAsync(id));
        Assert.Single(tenant.Requests);
        Assert.Equal(0, await SweepAsync());
    }

    /// <summary>Has a worker deliver a message, and kills it when it comes to a step.</summary>
    private async Task KillWorkerAsync(
        FaultProxy way,
        string operation,
        FunctionTenant tenant,
        string body
    )
    {
        await using var worker = await functions.StartAsync("Worker");
        using var held = Hold(way, operation, tenant, out var arrived);
        var unanswered = worker.Lambda.InvokeAsync(SqsEventJson.Of(("1", body)));
        await arrived.WaitAsync(s_patience);
        await worker.Process.KillAsync();
        Assert.False(unanswered.IsCompleted);
    }

    /// <summary>Keeps requests of an operation from the emulator, for good.</summary>
    private static IDisposable Hold(
        FaultProxy way,
        string operation,
        FunctionTenant tenant,
        out Task arrived
    )
    {
        var first = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        arrived = first.Task;
        return way.On(
            request => request.Operation == operation && tenant.IsOwn(request),
            async (_, _) =>
            {
                first.TrySetResult();
                return await new TaskCompletionSource<ProxiedResponse?>().Task;
            }
        );
    }

    private Task<InvocationEnd> WorkAsync(string body, int receiveCount = 1) =>
        functions.Worker.Lambda.InvokeAsync(SqsEventJson.Of(receiveCount, ("1", body)));

    /// <summary>Runs the sweeper; how much was overdue.</summary>
    private async Task<int> SweepAsync()
    {
        var end = await functions.Sweeper.Lambda.InvokeAsync("{}");
        var swept = JsonNode.Parse(end.Text)!;
        Assert.True((bool)swept["finished"]!);
        return (int)swept["overdue"]!;
    }
}
