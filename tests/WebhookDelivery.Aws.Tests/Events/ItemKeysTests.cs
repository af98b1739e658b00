using WebhookDelivery.Core;

namespace WebhookDelivery.Aws.Tests;

public sealed class ItemKeysTests
{
    private static readonly TenantId s_tenant = TenantId.Parse("acme");
    private static readonly EventId s_event = new(Guid.CreateVersion7());
    private static readonly EndpointId s_endpoint = new(Guid.CreateVersion7());

    [Theory]
    [InlineData("acme")]
    [InlineData("acme#31")]
    public void TryRead_ADelivery_SaysWhoseAndWhich(string partition)
    {
        var key = new DeliveryKey(s_tenant, s_event, s_endpoint);
        Assert.True(
            ItemKeys.TryRead(ItemKeys.Of(partition, key), out var tenant, out var id, out var read)
        );
        Assert.Equal((s_tenant, s_event, key), (tenant, id, read));
    }

    [Fact]
    public void TryRead_AnEvent_IsNoDelivery()
    {
        var item = ItemKeys.Of("acme", s_event);
        Assert.True(ItemKeys.TryRead(item, out _, out var id, out var delivery));
        Assert.Equal(s_event, id);
        Assert.Null(delivery);
    }

    [Fact]
    public void TryParse_AnythingElse_IsFalse()
    {
        string?[] others =
        [
            null,
            "",
            "idem#x",
            $"{s_event}#",
            $"{s_event}#{s_event}",
            $"{s_event}#{s_endpoint}#",
            $"{s_endpoint}#1",
        ];
        Assert.All(others, other => Assert.False(ItemKeys.TryParse(other, out _, out _)));
    }

    [Fact]
    public void KeyRange_BetweenTimes_HoldsJustTheIdsOfThese()
    {
        var start = new DateTimeOffset(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);
        var range = KeyRange.Between(start, start.AddMilliseconds(2));
        bool Holds(int ms)
        {
            var id = new EventId(Guid.CreateVersion7(start.AddMilliseconds(ms))).ToString();
            return string.CompareOrdinal(range.Low, id) <= 0
                && string.CompareOrdinal(id, range.High) <= 0;
        }

        Assert.Equal([false, true, true, false], new[] { -1, 0, 1, 2 }.Select(Holds));
        Assert.Equal(range, range.Before(null));
        Assert.Equal(start, IdTimes.CreatedAt(IdTimes.FirstAt(start)));
        Assert.Equal(
            start.AddMilliseconds(1),
            IdTimes.CreatedAt(IdTimes.FirstAt(start.AddTicks(1)))
        );
    }
}
