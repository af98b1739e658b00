using System.Collections.Concurrent;
using System.Text.Json.Nodes;
using Amazon.DynamoDBv2;
using Amazon.DynamoDBv2.Model;
using WebhookDelivery.Aws;
using WebhookDelivery.Testing;
using Item = System.Collections.Generic.Dictionary<string, Amazon.DynamoDBv2.Model.AttributeValue>;

namespace WebhookDelivery.Benchmarks;

/// <summary>
/// Counts requests to DynamoDB, with their units, which an emulator does not know: they follow from
/// the sizes of the items before and after. Every write of the tables must pass here from the first,
/// and two of one item must not be under way at once.
/// </summary>
internal sealed class DynamoMeter(IAmazonDynamoDB beside, AwsEngineOptions options)
{
    private readonly ConcurrentDictionary<string, Item> _items = new(StringComparer.Ordinal);
    private readonly CreateTableRequest[] _tables =
    [
        TableDefinitions.Events(options),
        TableDefinitions.Tenants(options),
    ];

    /// <exception cref="NotSupportedException">The operation is not one that is counted.</exception>
    public async Task<(ProxiedResponse, AwsCall)> PassAsync(
        ProxiedRequest request,
        Func<ProxiedRequest, Task<ProxiedResponse>> forward
    )
    {
        var body = request.Json();
        var ofStatistics = IsOfStatistics(body);
        var call = new AwsCall
        {
            Service = "DynamoDB",
            Operation = request.Operation,
            IsOfEvent = !ofStatistics && TableOf(body)?.TableName == options.EventsTable,
            IsOfStatistics = ofStatistics,
        };
        switch (request.Operation)
        {
            case "PutItem" or "UpdateItem" or "DeleteItem":
                var (written, units) = await WriteAsync(request, body, forward);
                return (written, call with { WriteUnits = units });
            case "GetItem":
                var size = ItemSize.Of(_items.GetValueOrDefault(NameOf(body), []));
                return (
                    await forward(request),
                    call with
                    {
                        ReadUnits = DynamoUnits.OfRead(size, IsConsistent(body)),
                    }
                );
            case "Query":
                var found = await forward(request);
                return (
                    found,
                    call with
                    {
                        ReadUnits = DynamoUnits.OfRead(SizeOf(found), IsConsistent(body)),
                    }
                );
            case "CreateTable" or "DescribeTable" or "UpdateTimeToLive" or "DescribeTimeToLive":
                return (await forward(request), call with { IsOfEvent = false });
            default:
                throw new NotSupportedException("No rule says what it costs.");
        }
    }

    private async Task<(ProxiedResponse, double)> WriteAsync(
        ProxiedRequest request,
        JsonObject body,
        Func<ProxiedRequest, Task<ProxiedResponse>> forward
    )
    {
        var name = NameOf(body);
        var before = _items.GetValueOrDefault(name, []);
        var response = await forward(request);
        var after = response.Status != 200 ? before : await AfterAsync(request.Operation, body);
        _items[name] = after;
        return (
            response,
            DynamoUnits.OfWrite(before, after, TableOf(body)!.GlobalSecondaryIndexes)
        );
    }

    /// <summary>The item after a write that was done; empty if there is none.</summary>
    private async Task<Item> AfterAsync(string operation, JsonObject body)
    {
        switch (operation)
        {
            case "PutItem":
                return ItemJson.ReadItem(body["Item"]!.AsObject());
            case "DeleteItem":
                return [];
            default:
                // What an expression made of it is for DynamoDB to say.
                var answer = await beside.GetItemAsync(
                    new GetItemRequest
                    {
                        TableName = TableOf(body)!.TableName,
                        Key = KeyOf(body)
                            .ToDictionary(
                                part => part.Key,
                                part => ItemJson.Read(part.Value),
                                StringComparer.Ordinal
                            ),
                        ConsistentRead = true,
                    }
                );
                return answer.Item;
        }
    }

    /// <summary>A name for the item that a request is about.</summary>
    private string NameOf(JsonObject body) =>
        string.Join(
            ' ',
            KeyOf(body).Select(part => part.Value.ToJsonString()).Prepend(TableOf(body)!.TableName)
        );

    private IEnumerable<KeyValuePair<string, JsonNode>> KeyOf(JsonObject body)
    {
        var attributes = (body["Key"] ?? body["Item"])!.AsObject();
        return TableOf(body)!
            .KeySchema.Select(part =>
                KeyValuePair.Create(part.AttributeName, attributes[part.AttributeName]!)
            );
    }

    private static bool IsOfStatistics(JsonObject body) =>
        body["Key"]?[EventsTable.TenantId]?["S"]?.GetValue<string>() is { } partition
        && partition == StatisticsItem.PartitionOf(ItemKeys.TenantOf(partition));

    private static int SizeOf(ProxiedResponse found) =>
        found.Json()["Items"] is JsonArray items
            ? items.Sum(item => ItemSize.Of(ItemJson.ReadItem(item!.AsObject())))
            : 0;

    private static bool IsConsistent(JsonObject body) =>
        body["ConsistentRead"]?.GetValue<bool>() ?? false;

    private CreateTableRequest? TableOf(JsonObject body) =>
        Array.Find(_tables, table => table.TableName == body["TableName"]?.GetValue<string>());
}
