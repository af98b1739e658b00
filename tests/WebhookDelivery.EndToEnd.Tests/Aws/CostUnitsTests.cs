using Amazon.DynamoDBv2;
using Amazon.DynamoDBv2.Model;
using WebhookDelivery.Benchmarks;
using Item = System.Collections.Generic.Dictionary<string, Amazon.DynamoDBv2.Model.AttributeValue>;

namespace WebhookDelivery.EndToEnd.Tests;

/// <summary>DynamoDB's rules, by the examples of its documentation.</summary>
public sealed class CostUnitsTests
{
    private static readonly GlobalSecondaryIndex s_keysOnly = Index(ProjectionType.KEYS_ONLY);
    private static readonly GlobalSecondaryIndex s_all = Index(ProjectionType.ALL);

    [Theory]
    [InlineData(0, false, 0.5)]
    [InlineData(4096, false, 0.5)]
    [InlineData(4097, false, 1)]
    [InlineData(0, true, 1)]
    [InlineData(4097, true, 2)]
    public void OfRead_Size_CostsAUnitForEach4KibAndHalfWithoutConsistency(
        int bytes,
        bool isConsistent,
        double units
    ) => Assert.Equal(units, DynamoUnits.OfRead(bytes, isConsistent));

    [Fact]
    public void OfWrite_ItemThatShrinks_CostsTheLargerSize() =>
        Assert.Equal(3, DynamoUnits.OfWrite(Of(bodyBytes: 2500), Of(bodyBytes: 10), []));

    [Fact]
    public void OfWrite_ConditionRefused_CostsTheItemThatIsThere()
    {
        var item = Of(due: "5", bodyBytes: 2500);

        Assert.Equal(3, DynamoUnits.OfWrite(item, item, [s_keysOnly, s_all]));
        Assert.Equal(1, DynamoUnits.OfWrite([], [], [s_keysOnly]));
    }

    [Theory]
    [InlineData(null, null, 0)]
    [InlineData(null, "5", 1)]
    [InlineData("5", null, 1)]
    [InlineData("5", "6", 2)]
    [InlineData("5", "5", 0)]
    public void OfWrite_IndexOfKeys_CostsEntriesThatComeOrGo(
        string? before,
        string? after,
        int indexUnits
    ) =>
        Assert.Equal(
            1 + indexUnits,
            DynamoUnits.OfWrite(Of(before, bodyBytes: 1), Of(after, bodyBytes: 2), [s_keysOnly])
        );

    [Fact]
    public void OfWrite_IndexOfAll_CostsEachChangeAtItsSize() =>
        Assert.Equal(
            3 + 3,
            DynamoUnits.OfWrite(Of("5", bodyBytes: 2500), Of("5", bodyBytes: 2501), [s_all])
        );

    private static Item Of(string? due = null, int bodyBytes = 0)
    {
        var item = new Item
        {
            ["tenantId"] = new AttributeValue { S = "acme" },
            ["eventId"] = new AttributeValue { S = "evt_1" },
            ["body"] = new AttributeValue { B = new MemoryStream(new byte[bodyBytes]) },
        };
        if (due is not null)
        {
            item["dueKey"] = new AttributeValue { S = "due#1" };
            item["dueAt"] = new AttributeValue { N = due };
        }

        return item;
    }

    private static GlobalSecondaryIndex Index(ProjectionType projection) =>
        new()
        {
            KeySchema = [new("dueKey", KeyType.HASH), new("dueAt", KeyType.RANGE)],
            Projection = new Projection { ProjectionType = projection },
        };
}
