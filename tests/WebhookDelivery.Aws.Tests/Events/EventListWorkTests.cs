using Amazon.DynamoDBv2.Model;
using WebhookDelivery.Core;

namespace WebhookDelivery.Aws.Tests;

public sealed class EventListWorkTests : EventStoreRig
{
    [Fact]
    public async Task List_OfMoreThanAMegabyte_ReadsOn()
    {
        var tenant = await AddTenantAsync();
        var body = new string('x', 16_000);
        var events = Enumerable.Range(0, 90).Select(_ => NewEvent(tenant, body: body)).ToList();
        await Task.WhenAll(events.Select(each => AppendAsync(each, NewEndpointId())));

        var operations = new List<string>();
        EventPage? page = null;
        operations.AddRange(
            await OperationsOfAsync(async () =>
                page = await Events.ListAsync(
                    new EventQuery { TenantId = tenant, Limit = 100 },
                    None
                )
            )
        );

        Assert.Equal(["Query", "Query"], operations);
        Assert.Equal(
            events.Select(each => each.Id).OrderDescending(),
            page!.Events.Select(each => each.Event.Id)
        );
        Assert.Null(page.Next);
    }

    [Fact]
    public async Task List_WithAFilterThatMatchesNothing_LooksAtSoMuchAndNoMore()
    {
        var tenant = await AddTenantAsync();
        await AppendManyAsync(tenant, EventLists.ExaminedMax + 100);
        var query = new EventQuery
        {
            TenantId = tenant,
            Type = "none.such",
            Limit = 10,
        };

        EventPage? page = null;
        var operations = await OperationsOfAsync(async () =>
            page = await Events.ListAsync(query, None)
        );
        Assert.Empty(page!.Events);
        Assert.NotNull(page.Next);
        Assert.InRange(operations.Count, 1, 3);

        page = await Events.ListAsync(query with { Before = page.Next }, None);
        Assert.Empty(page.Events);
        Assert.Null(page.Next);
    }

    [Fact]
    public async Task ListByStatus_OfAnotherEndpoint_LooksAtSoMuchAndNoMore()
    {
        var tenant = await AddTenantAsync();
        await IndexManyAsync(tenant, StatusLists.ExaminedMax + 100);
        var query = new EventQuery
        {
            TenantId = tenant,
            Status = DeliveryStatus.DeadLetter,
            EndpointId = NewEndpointId(),
            Limit = 10,
        };

        var page = await Events.ListAsync(query, None);
        Assert.Empty(page.Events);
        Assert.NotNull(page.Next);
        page = await Events.ListAsync(query with { Before = page.Next }, None);
        Assert.Null(page.Next);
    }

    [Fact]
    public async Task ListDeadLetters_OfAnotherEndpoint_LooksAtSoMuchAndNoMore()
    {
        var tenant = await AddTenantAsync();
        await IndexManyAsync(tenant, DeadLetterLists.ExaminedMax + 100);
        var query = new DeadLetterQuery
        {
            TenantId = tenant,
            EndpointId = NewEndpointId(),
            Limit = 10,
        };

        var page = await Events.ListDeadLettersAsync(query, None);
        Assert.Empty(page.Deliveries);
        Assert.NotNull(page.Next);
        page = await Events.ListDeadLettersAsync(query with { After = page.Next }, None);
        Assert.Null(page.Next);
    }

    [Fact]
    public async Task ListByStatus_OfDeliveriesThatMovedSince_LeavesThemOut()
    {
        var tenant = await AddTenantAsync();
        var key = await AppendOneAsync(tenant);
        Assert.True(await DeliverAsync(key));
        // The index runs behind the table: here it still says that the delivery is dead.
        await Tables.Dynamo.UpdateItemAsync(
            new ItemUpdate()
                .Set(
                    EventsTable.StatusKey,
                    EventsTable
                        .StatusKeyOf(tenant, DeliveryStatus.DeadLetter, key.EventId)!
                        .ToAttribute()
                )
                .ToRequest(Options.EventsTable, ItemKeys.Of(tenant.Value, key)),
            None
        );

        var byStatus = new EventQuery
        {
            TenantId = tenant,
            Status = DeliveryStatus.DeadLetter,
            Limit = 10,
        };
        Assert.Empty((await Events.ListAsync(byStatus, None)).Events);
        var dead = new DeadLetterQuery { TenantId = tenant, Limit = 10 };
        Assert.Empty((await Events.ListDeadLettersAsync(dead, None)).Deliveries);
    }

    [Fact]
    public async Task ListByStatus_OfAnEventWithSeveral_ListsItOnceAcrossPages()
    {
        var tenant = await AddTenantAsync();
        var expected = new List<EventId>();
        for (var i = 0; i < 6; i++)
        {
            Time.Advance(TimeSpan.FromMilliseconds(1));
            var @event = await AppendAsync(tenant, NewEndpointId(), NewEndpointId());
            var stored = await Events.FindAsync(tenant, @event.Id, None);
            foreach (var delivery in stored!.Deliveries)
            {
                Assert.True(await KillAsync(delivery.Key));
            }

            expected.Insert(0, @event.Id);
        }

        var listed = new List<EventId>();
        var query = new EventQuery
        {
            TenantId = tenant,
            Status = DeliveryStatus.DeadLetter,
            Limit = 1,
        };
        do
        {
            var page = await Events.ListAsync(query, None);
            listed.AddRange(page.Events.Select(each => each.Event.Id));
            query = query with { Before = page.Next };
        } while (query.Before is not null && listed.Count <= expected.Count);

        Assert.Equal(expected, listed);
    }

    private Task AppendManyAsync(TenantId tenant, int count) =>
        WriteManyAsync(
            Enumerable
                .Range(0, count)
                .Select(_ => EventItem.Write(tenant.Value, NewEvent(tenant), [], Options))
        );

    /// <summary>Dead letters as the index has them; nothing else of them is there.</summary>
    private Task IndexManyAsync(TenantId tenant, int count) =>
        WriteManyAsync(
            Enumerable
                .Range(0, count)
                .Select(_ => new DeliveryKey(tenant, NewEventId(), NewEndpointId()))
                .Select(key =>
                {
                    var item = ItemKeys.Of(tenant.Value, key);
                    var status = EventsTable.StatusKeyOf(
                        tenant,
                        DeliveryStatus.DeadLetter,
                        key.EventId
                    );
                    item.Put(EventsTable.StatusKey, status!.ToAttribute());
                    return item;
                })
        );

    private async Task WriteManyAsync(IEnumerable<Dictionary<string, AttributeValue>> items)
    {
        foreach (var chunk in items.Chunk(25))
        {
            var writes = chunk.Select(item => new WriteRequest(new PutRequest(item))).ToList();
            await Tables.Dynamo.BatchWriteItemAsync(
                new BatchWriteItemRequest
                {
                    RequestItems = new() { [Options.EventsTable] = writes },
                },
                None
            );
        }
    }
}
