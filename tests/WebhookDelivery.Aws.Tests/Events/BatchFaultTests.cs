using System.Text.Json.Nodes;
using WebhookDelivery.Contracts;
using WebhookDelivery.Core;
using WebhookDelivery.Testing;

namespace WebhookDelivery.Aws.Tests;

public sealed class BatchFaultTests : EventStoreRig
{
    [Fact]
    public async Task ListByStatus_WhereABatchIsLeftHalfRead_ReadsTheRest()
    {
        var keys = await KillManyAsync(8);
        using var fault = Proxy.On("BatchGetItem", OneAtATime("UnprocessedKeys", KeysOf));

        var page = await Events.ListAsync(
            new EventQuery
            {
                TenantId = keys[0].TenantId,
                Status = DeliveryStatus.DeadLetter,
                Limit = 100,
            },
            None
        );

        Assert.Equal(
            keys.Select(key => key.EventId).ToHashSet(),
            page.Events.Select(each => each.Event.Id).ToHashSet()
        );
        Assert.All(page.Events, each => Assert.Equal(EventStatus.DeadLetter, each.Status));
        Assert.Equal(16, Proxy.Of("BatchGetItem").Count);
    }

    [Fact]
    public async Task Erase_WhereABatchIsLeftHalfDone_DeletesTheRest()
    {
        var keys = await KillManyAsync(4);
        using var fault = Proxy.On("BatchWriteItem", OneAtATime("UnprocessedItems", WritesOf));
        Assert.Equal(4, await Events.EraseAsync(keys[0].TenantId, 100, None));
        Assert.Empty(await ScanAsync());
        Assert.Equal(8, Proxy.Of("BatchWriteItem").Count);
    }

    [Fact]
    public async Task ListDeadLetters_WhereABatchIsNeverRead_SaysThatTheStoreIsUnavailable()
    {
        var keys = await KillManyAsync(2);
        using var fault = Proxy.On("BatchGetItem", Never("UnprocessedKeys"));
        await Assert.ThrowsAsync<StoreUnavailableException>(async () =>
            await Events.ListDeadLettersAsync(
                new DeadLetterQuery { TenantId = keys[0].TenantId, Limit = 10 },
                None
            )
        );
    }

    [Theory]
    [InlineData("ProvisionedThroughputExceededException", 400)]
    [InlineData("ThrottlingException", 400)]
    [InlineData("RequestLimitExceeded", 400)]
    [InlineData("InternalServerError", 500)]
    [InlineData("ResourceNotFoundException", 400)]
    public async Task Calls_ThatDynamoRefuses_SayThatTheStoreIsUnavailable(string code, int status)
    {
        var key = await AppendOneAsync();
        using var fault = Proxy.On(operation: null, AwsFault.Refuse(code, status));
        Func<Task>[] calls =
        [
            () => AppendAsync(key.TenantId, key.EndpointId),
            async () => await Events.FindAsync(key.TenantId, key.EventId, None),
            async () => await DeliverAsync(key),
            async () => await ParkAsync(key),
            async () => await Events.RestartAsync(key, null, null, false, Now, None),
            async () => await Events.ResumeAsync(key.Endpoint, 10, DuePace.AtOnce(Now), None),
            async () => await Events.EraseAsync(key.TenantId, 10, None),
        ];
        foreach (var call in calls)
        {
            await Assert.ThrowsAsync<StoreUnavailableException>(call);
        }
    }

    private async Task<List<DeliveryKey>> KillManyAsync(int count)
    {
        var tenant = await AddTenantAsync();
        var keys = new List<DeliveryKey>();
        for (var i = 0; i < count; i++)
        {
            var key = await AppendOneAsync(tenant);
            Assert.True(await KillAsync(key));
            keys.Add(key);
        }

        return keys;
    }

    private static JsonArray KeysOf(JsonNode table) => table["Keys"]!.AsArray();

    private static JsonArray WritesOf(JsonNode table) => table.AsArray();

    /// <summary>Does the first thing of a batch, and says that the rest is left.</summary>
    private static ProxyRule OneAtATime(string left, Func<JsonNode, JsonArray> thingsOf) =>
        async (request, forward) =>
        {
            var body = request.Json();
            var rest = request.Json()["RequestItems"]!;
            foreach (var (table, node) in body["RequestItems"]!.AsObject())
            {
                var things = thingsOf(node!);
                while (things.Count > 1)
                {
                    things.RemoveAt(1);
                }

                thingsOf(rest[table]!).RemoveAt(0);
                if (thingsOf(rest[table]!).Count == 0)
                {
                    rest = new JsonObject();
                    break;
                }
            }

            var bytes = System.Text.Encoding.UTF8.GetBytes(body.ToJsonString());
            var answer = await forward(request with { Body = bytes });
            var changed = answer.Json();
            changed[left] = rest.Parent is null ? rest : rest.DeepClone();
            return answer.With(changed);
        };

    /// <summary>Does nothing, and says that all is left.</summary>
    private static ProxyRule Never(string left) =>
        async (request, forward) =>
        {
            var answer = await forward(request);
            var changed = answer.Json();
            changed["Responses"] = new JsonObject();
            changed[left] = request.Json()["RequestItems"]!.DeepClone();
            return answer.With(changed);
        };
}
