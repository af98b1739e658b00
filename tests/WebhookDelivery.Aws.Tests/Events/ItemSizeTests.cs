using Amazon.DynamoDBv2.Model;

namespace WebhookDelivery.Aws.Tests;

public sealed class ItemSizeTests
{
    // 1 byte, and 1 for each pair of digits from the decimal point, zeros at either end aside.
    [Theory]
    [InlineData("0", 1)]
    [InlineData("1", 2)]
    [InlineData("99", 2)]
    [InlineData("100", 2)]
    [InlineData("101", 3)]
    [InlineData("-1", 3)]
    [InlineData("1767225600000", 6)]
    [InlineData("1767225600001", 8)]
    [InlineData("0.5", 2)]
    [InlineData("12.34", 3)]
    public void Of_ANumber_CountsPairsOfDigits(string number, int expected) =>
        Assert.Equal(expected, ItemSize.Of(new AttributeValue { N = number }));

    [Fact]
    public void Of_AnItem_CountsNamesAndValuesInUtf8() =>
        Assert.Equal(
            2 + 3 + 4 + 2,
            ItemSize.Of(
                new Dictionary<string, AttributeValue>
                {
                    ["ä"] = new() { S = "xyz" },
                    ["body"] = new() { B = new MemoryStream([1, 2]) },
                }
            )
        );

    [Fact]
    public void Of_AList_CountsThreeAndOneForEachElement() =>
        Assert.Equal(
            3 + (1 + 2) + (1 + 3),
            ItemSize.Of(new AttributeValue { L = [new() { S = "ab" }, new() { S = "abc" }] })
        );

    [Fact]
    public void Of_AMap_CountsItsNamesToo() =>
        Assert.Equal(
            3 + 1 + 2 + 1,
            ItemSize.Of(new AttributeValue { M = new() { ["ab"] = new() { S = "x" } } })
        );

    [Theory]
    [InlineData(1, 1)]
    [InlineData(1024, 1)]
    [InlineData(1025, 2)]
    public void WriteUnits_AreKibibytesBegun(int bytes, int expected) =>
        Assert.Equal(expected, ItemSize.WriteUnits(bytes));
}
