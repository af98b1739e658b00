using Amazon.S3;
using Amazon.S3.Model;
using WebhookDelivery.Core;
using WebhookDelivery.Testing;
using Field = WebhookDelivery.Aws.EventsTable.EventField;

namespace WebhookDelivery.Aws.Tests;

public sealed class ClaimCheckTests : EventStoreRig
{
    [Fact]
    public async Task Append_WithoutAKey_IsOneCallAndOneUnit()
    {
        var tenant = TenantId.Parse(new string('t', TenantId.LengthMax));
        await Shards.FindAsync(tenant, None);
        var @event = NewEvent(tenant, "customer.subscription.updated", new string('x', 500)) with
        {
            TraceParent = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01",
            RoutingRevision = 123_456,
        };

        var operations = await OperationsOfAsync(() => AppendAsync(@event, NewEndpointId()));

        Assert.Equal(["PutItem"], operations);
        Assert.InRange(ItemSize.Of((await ItemAsync(tenant, @event.Id))!), 500, 1024);
    }

    [Theory]
    [InlineData(16 * 1024, false)]
    [InlineData((16 * 1024) + 1, true)]
    public async Task Append_AboveSixteenKibibytes_PutsThePayloadInTheBucket(
        int length,
        bool inBucket
    )
    {
        var payload = new byte[length];
        new Random(length).NextBytes(payload);
        var @event = await AppendAsync(
            NewEvent(await AddTenantAsync()) with
            {
                Payload = payload,
            },
            NewEndpointId()
        );

        Assert.Equal(inBucket, await IsInBucketAsync(@event));
        var item = (await ItemAsync(@event.TenantId, @event.Id))!;
        Assert.Equal(inBucket, item.ContainsKey(Field.BodyLength));
        Assert.NotEqual(inBucket, item.ContainsKey(Field.Body));
        var found = await Events.FindAsync(@event.TenantId, @event.Id, None);
        Assert.Equal(payload, found!.Event.Payload.ToArray());
        var alone = await Events.FindPayloadAsync(@event.TenantId, @event.Id, None);
        Assert.Equal(payload, alone!.Value.ToArray());
    }

    [Fact]
    public async Task Append_OfALargePayload_WritesTheObjectBeforeTheItem()
    {
        var @event = Large(await AddTenantAsync());
        using var fault = Proxy.On("PutItem", AwsFault.Refuse("InternalServerError", 500));

        await Assert.ThrowsAsync<StoreUnavailableException>(() =>
            AppendAsync(@event, NewEndpointId())
        );

        Assert.True(await IsInBucketAsync(@event));
        Assert.Null(await Events.FindAsync(@event.TenantId, @event.Id, None));
    }

    [Fact]
    public async Task Append_WhenTheObjectCannotBeWritten_WritesNoItem()
    {
        var @event = Large(await AddTenantAsync());
        await Tables.S3.DeleteBucketAsync(Options.PayloadBucket, None);

        await Assert.ThrowsAsync<StoreUnavailableException>(() =>
            AppendAsync(@event, NewEndpointId())
        );

        Assert.Null(await ItemAsync(@event.TenantId, @event.Id));
    }

    [Fact]
    public async Task Find_WhereTheObjectIsMissing_SaysThatTheStoreIsUnavailable()
    {
        var @event = await AppendAsync(Large(await AddTenantAsync()), NewEndpointId());
        await Tables.S3.DeleteObjectAsync(
            Options.PayloadBucket,
            $"{@event.TenantId}/{@event.Id}",
            None
        );

        var exception = await Assert.ThrowsAsync<StoreUnavailableException>(async () =>
            await Events.FindPayloadAsync(@event.TenantId, @event.Id, None)
        );

        Assert.Contains($"{@event.Id}", exception.Message, StringComparison.Ordinal);
        await Assert.ThrowsAsync<StoreUnavailableException>(async () =>
            await Events.FindAsync(@event.TenantId, @event.Id, None)
        );
        Assert.Single((await Events.ListAsync(All(@event.TenantId), None)).Events);
    }

    [Fact]
    public async Task Erase_ATenant_DeletesItsPayloadsAndThoseWithoutAnEvent()
    {
        var tenant = await AddTenantAsync();
        var kept = await AppendAsync(Large(await AddTenantAsync()), NewEndpointId());
        var erased = await AppendAsync(Large(tenant), NewEndpointId());
        var lost = Large(tenant);
        using (Proxy.On("PutItem", AwsFault.Refuse("InternalServerError", 500)))
        {
            await Assert.ThrowsAsync<StoreUnavailableException>(() => AppendAsync(lost));
        }

        Assert.Equal(1, await Events.EraseAsync(tenant, 10, None));
        Assert.False(await IsInBucketAsync(erased));
        Assert.Equal(0, await Events.EraseAsync(tenant, 10, None));
        Assert.False(await IsInBucketAsync(lost));
        Assert.True(await IsInBucketAsync(kept));
    }

    private Event Large(TenantId tenant) => NewEvent(tenant, body: new string('x', 20_000));

    private static EventQuery All(TenantId tenant) => new() { TenantId = tenant, Limit = 100 };

    private async Task<bool> IsInBucketAsync(Event @event)
    {
        try
        {
            await Tables.S3.GetObjectMetadataAsync(
                new GetObjectMetadataRequest
                {
                    BucketName = Options.PayloadBucket,
                    Key = $"{@event.TenantId}/{@event.Id}",
                },
                None
            );
            return true;
        }
        catch (AmazonS3Exception exception)
            when (exception.StatusCode == System.Net.HttpStatusCode.NotFound)
        {
            return false;
        }
    }
}
