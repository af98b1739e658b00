using WebhookDelivery.Core;

namespace WebhookDelivery.Aws.Tests;

public sealed class ShardHistoryTests
{
    private static readonly DateTimeOffset Start = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);
    private static readonly TenantId Acme = TenantId.Parse("acme");
    private static readonly RandomIdSource Ids = new();

    [Fact]
    public void Parse_OfNothing_IsOneShardFromTheBeginning()
    {
        var history = ShardHistory.Parse(null);
        Assert.Equal(1, history.Max);
        Assert.Equal(1, history.At(IdAt(Start)));
        Assert.Equal(["acme"], history.Partitions(Acme));
        Assert.Equal("0:1", history.ToString());
    }

    [Fact]
    public void At_OfAnId_IsTheCountInForceAtItsTime()
    {
        var history = ShardHistory.Single.Grow(4, Start).Grow(16, Start.AddMilliseconds(10));

        Assert.Equal(1, history.At(IdAt(Start.AddMilliseconds(-1))));
        Assert.Equal(4, history.At(IdAt(Start)));
        Assert.Equal(4, history.At(IdAt(Start.AddMilliseconds(9))));
        Assert.Equal(16, history.At(IdAt(Start.AddMilliseconds(10))));
        Assert.Equal(16, history.At(IdAt(Start.AddYears(1))));
    }

    [Fact]
    public void PartitionOf_AnyId_IsAmongThePartitions()
    {
        var history = ShardHistory.Single.Grow(2, Start).Grow(8, Start.AddSeconds(1));
        var partitions = history.Partitions(Acme);
        Assert.Equal(["acme", .. Enumerable.Range(0, 8).Select(n => $"acme#{n}")], partitions);

        var met = new HashSet<string>(StringComparer.Ordinal);
        for (var i = 0; i < 1500; i++)
        {
            met.Add(history.PartitionOf(Acme, IdAt(Start.AddMilliseconds(i - 1))));
        }

        Assert.Equal(partitions.Order(StringComparer.Ordinal), met.Order(StringComparer.Ordinal));
    }

    [Fact]
    public void Grow_BeforeAnEarlierGrowth_ComesJustAfterIt()
    {
        var history = ShardHistory.Single.Grow(2, Start).Grow(4, Start.AddHours(-1));
        Assert.Equal(2, history.At(IdAt(Start)));
        Assert.Equal(4, history.At(IdAt(Start.AddMilliseconds(1))));
    }

    [Fact]
    public void Parse_OfItsOwnText_IsTheSameHistory()
    {
        var text = ShardHistory.Single.Grow(4, Start).Grow(32, Start.AddDays(1)).ToString();
        Assert.Equal("0:1,1767225600000:4,1767312000000:32", text);
        Assert.Equal(text, ShardHistory.Parse(text).ToString());
    }

    [Theory]
    [InlineData("")]
    [InlineData("5:1")]
    [InlineData("0:3")]
    [InlineData("0:64")]
    [InlineData("0:2,10:1")]
    [InlineData("0:1,10:2,10:4")]
    [InlineData("0:1,x:2")]
    [InlineData("0:1,")]
    public void Parse_OfAnythingElse_IsRefused(string text) =>
        Assert.Throws<InvalidDataException>(() => ShardHistory.Parse(text));

    private static EventId IdAt(DateTimeOffset time) => new(Ids.NewId(time));
}
