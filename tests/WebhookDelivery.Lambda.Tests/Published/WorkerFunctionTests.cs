using System.Text;
using System.Text.Json.Nodes;
using WebhookDelivery.Testing;

namespace WebhookDelivery.Lambda.Tests;

/// <summary>The published worker, with messages as SQS hands them out.</summary>
[Collection(FunctionFixture.Collection)]
public sealed class WorkerFunctionTests(FunctionFixture functions)
{
    private const string NoFailures = """{"batchItemFailures":[]}""";

    [Fact]
    public async Task Batch_StoreRefusesOneTenant_ReportsItsMessageAlone()
    {
        var refused = await functions.CreateTenantAsync();
        var other = await functions.CreateTenantAsync();
        var first = await refused.PostAsync();
        var toRefused = await refused.ReceiveAsync();
        var second = await other.PostAsync();
        var toOther = await other.ReceiveAsync();
        var batch = SqsEventJson.Of(("refused", toRefused.Body), ("other", toOther.Body));

        using (
            functions.Home.WayToDynamoDb.On(refused.IsOwn, AwsFault.Refuse("ThrottlingException"))
        )
        {
            var end = await functions.Worker.Lambda.InvokeAsync(batch);

            Assert.Equal("""{"batchItemFailures":[{"itemIdentifier":"refused"}]}""", end.Text);
        }

        Assert.Empty(refused.Requests);
        Assert.Equal("DELIVERED", await other.StatusOfAsync(second));

        var again = await functions.Worker.Lambda.InvokeAsync(
            SqsEventJson.Of(receiveCount: 2, ("refused", toRefused.Body))
        );

        Assert.Equal(NoFailures, again.Text);
        Assert.Equal("DELIVERED", await refused.StatusOfAsync(first));
        Assert.Single(refused.Requests);
        Assert.Single(other.Requests);
    }

    [Fact]
    public async Task Message_OfWhatIsDelivered_IsDroppedWithoutAnExchange()
    {
        var tenant = await functions.CreateTenantAsync();
        await tenant.PostAsync();
        var message = await tenant.ReceiveAsync();
        await functions.Worker.Lambda.InvokeAsync(SqsEventJson.Of(("1", message.Body)));
        Assert.Single(tenant.Requests);

        var again = await functions.Worker.Lambda.InvokeAsync(
            SqsEventJson.Of(receiveCount: 2, ("1", message.Body))
        );

        Assert.Equal(NoFailures, again.Text);
        Assert.Single(tenant.Requests);
    }

    [Fact]
    public async Task Delivery_ThatFails_SendsADelayedMessageAndIsASuccess()
    {
        var tenant = await functions.CreateTenantAsync();
        var id = await tenant.PostAsync();
        var message = await tenant.ReceiveAsync();
        using var failing = functions.Fail(tenant);

        var end = await functions.Worker.Lambda.InvokeAsync(SqsEventJson.Of(("1", message.Body)));

        Assert.Equal(NoFailures, end.Text);
        Assert.Equal("FAILED", await tenant.StatusOfAsync(id));
        var sent = functions.Home.WayToSqs.Of("SendMessage").Where(tenant.IsOwn).ToList();
        Assert.Equal(2, sent.Count);
        Assert.Null(sent[0].Json()["DelaySeconds"]);
        // One minute, give or take a tenth, in whole seconds.
        Assert.InRange((int)sent[1].Json()["DelaySeconds"]!, 54, 66);
        var header = JsonNode.Parse(((string)sent[1].Json()["MessageBody"]!).Split('\n')[0])!;
        Assert.Equal(2, (int)header["a"]!);
    }

    [Theory]
    [InlineData(40 * 1024, true)]
    [InlineData(300 * 1024, false)]
    public async Task Payload_Large_IsDeliveredByteForByte(int bytes, bool isCarried)
    {
        var tenant = await functions.CreateTenantAsync();
        var payload = $$"""{ "type":"big", "text":"{{new string('é', bytes / 2)}}" }""";
        var id = await tenant.PostAsync(payload);
        var message = await tenant.ReceiveAsync();
        // A header on a line of its own, and the payload where there is room for it.
        Assert.Equal(isCarried, message.Body.Contains('\n'));

        var end = await functions.Worker.Lambda.InvokeAsync(SqsEventJson.Of(("1", message.Body)));

        Assert.Equal(NoFailures, end.Text);
        var expected = Encoding.UTF8.GetBytes(payload);
        Assert.Equal(expected, Assert.Single(tenant.Requests).Body);
        var stored = await tenant.CallAsync("GET", $"/v1/events/{id}/payload");
        Assert.Equal(expected, stored.Bytes);
    }

    [Fact]
    public async Task Endpoint_DeletedWhileItsMessageWaits_CancelsTheDelivery()
    {
        var tenant = await functions.CreateTenantAsync();
        var id = await tenant.PostAsync();
        var message = await tenant.ReceiveAsync();
        var deleted = await tenant.CallAsync("DELETE", $"/v1/endpoints/{tenant.EndpointId}");
        Assert.Equal(204, deleted.Status);

        var end = await functions.Worker.Lambda.InvokeAsync(SqsEventJson.Of(("1", message.Body)));

        Assert.Equal(NoFailures, end.Text);
        Assert.Equal("CANCELLED", await tenant.StatusOfAsync(id));
        Assert.Empty(tenant.Requests);
    }

    [Fact]
    public async Task Endpoint_DisabledWhileItsMessageWaits_ParksTheDelivery()
    {
        var tenant = await functions.CreateTenantAsync();
        var id = await tenant.PostAsync();
        var message = await tenant.ReceiveAsync();
        var disabled = await tenant.CallAsync(
            "PATCH",
            $"/v1/endpoints/{tenant.EndpointId}",
            """{"disabled":true}"""
        );
        Assert.Equal(200, disabled.Status);

        var end = await functions.Worker.Lambda.InvokeAsync(SqsEventJson.Of(("1", message.Body)));

        Assert.Equal(NoFailures, end.Text);
        Assert.Equal("PARKED", await tenant.StatusOfAsync(id));
        Assert.Empty(tenant.Requests);
    }

    [Fact]
    public async Task Time_TooShortForAnAttempt_PostponesIt()
    {
        var tenant = await functions.CreateTenantAsync();
        var id = await tenant.PostAsync();
        var message = await tenant.ReceiveAsync();

        var end = await functions.Worker.Lambda.InvokeAsync(
            SqsEventJson.Of(("1", message.Body)),
            timeLeft: TimeSpan.FromSeconds(30)
        );

        Assert.Equal(NoFailures, end.Text);
        Assert.Empty(tenant.Requests);
        Assert.Equal("PENDING", await tenant.StatusOfAsync(id));

        var later = await tenant.ReceiveAsync();
        await functions.Worker.Lambda.InvokeAsync(SqsEventJson.Of(("2", later.Body)));

        Assert.Equal("DELIVERED", await tenant.StatusOfAsync(id));
        Assert.Equal(1, (int)(await tenant.FindDeliveryAsync(id))["attempts"]!);
    }

    [Fact]
    public async Task Time_Over_IsAnErrorWhereNothingCouldEvenBePostponed()
    {
        var tenant = await functions.CreateTenantAsync();
        await tenant.PostAsync();
        var message = await tenant.ReceiveAsync();

        var end = await functions.Worker.Lambda.InvokeAsync(
            SqsEventJson.Of(("1", message.Body)),
            timeLeft: TimeSpan.FromSeconds(1)
        );

        Assert.Contains("None of 1 messages could be processed", end.Text);
        Assert.Empty(tenant.Requests);
    }
}
