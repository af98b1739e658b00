using System.Text.Json.Nodes;
using Amazon.DynamoDBv2.Model;
using WebhookDelivery.Contracts;
using WebhookDelivery.Core;
using WebhookDelivery.Testing;
using Field = WebhookDelivery.Aws.EventsTable.DeliveryField;

namespace WebhookDelivery.Aws.Tests;

/// <summary>What reads that run behind the table must not decide about a backlog.</summary>
public sealed class BacklogReadTests : EventStoreRig
{
    [Fact]
    public async Task Resume_WhereAReadRunsBehind_LosesNothing()
    {
        var key = await AppendOneAsync();
        Assert.True(await ParkAsync(key));
        using var fault = Proxy.On("BatchGetItem", FindNothingUnlessConsistent());
        var resumed = await Events.ResumeAsync(key.Endpoint, 10, DuePace.AtOnce(Now), None);
        Assert.Equal(key, Assert.Single(resumed).Key);
        Assert.Equal(DeliveryStatus.Pending, (await DeliveryAsync(key)).Status);
    }

    [Fact]
    public async Task Resume_WithoutTheEvent_DeletesTheDelivery()
    {
        var key = await AppendOneAsync();
        Assert.True(await ParkAsync(key));
        await DeleteEventAsync(key);
        Assert.Empty(await Events.ResumeAsync(key.Endpoint, 10, DuePace.AtOnce(Now), None));
        Assert.Null(await ItemAsync(key));
    }

    [Fact]
    public async Task Resume_WithoutTheEvent_LeavesADeliveryThatIsNoLongerParked()
    {
        var key = await AppendOneAsync();
        Assert.True(await ParkAsync(key));
        using var fault = Proxy.On(
            "BatchGetItem",
            async (request, forward) =>
            {
                // The index said PARKED; by now it is not.
                await Events.RestartAsync(key, null, null, park: false, Now, None);
                await DeleteEventAsync(key);
                return await forward(request);
            }
        );
        Assert.Empty(await Events.ResumeAsync(key.Endpoint, 10, DuePace.AtOnce(Now), None));
        var item = await ItemAsync(key);
        Assert.Equal(DeliveryStatus.Pending.ToCode(), item![Field.Status].S);
    }

    private async Task DeleteEventAsync(DeliveryKey key)
    {
        var history = await Shards.FindAsync(key.TenantId, None);
        var partition = history.PartitionOf(key.TenantId, key.EventId);
        await Tables.Dynamo.DeleteItemAsync(
            new DeleteItemRequest
            {
                TableName = Options.EventsTable,
                Key = ItemKeys.Of(partition, key.EventId),
            },
            None
        );
    }

    private static ProxyRule FindNothingUnlessConsistent() =>
        async (request, forward) =>
        {
            var answer = await forward(request);
            var tables = request.Json()["RequestItems"]!.AsObject();
            if (tables.All(table => table.Value!["ConsistentRead"]?.GetValue<bool>() == true))
            {
                return answer;
            }

            var changed = answer.Json();
            changed["Responses"] = new JsonObject();
            return answer.With(changed);
        };
}
