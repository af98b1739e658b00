using WebhookDelivery.Core;

namespace WebhookDelivery.Api.Tests;

/// <summary>However many tenants take what they can get, the next one finds room.</summary>
public sealed class BodyMemoryTests
{
    private const int Payload = 1024;
    private const int All = 128 * Payload;

    private readonly BodyMemory _memory = new(
        new ApiOptions { MaxPayloadBytes = Payload, MaxBufferedBytes = All }
    );

    [Theory]
    [InlineData(1)]
    [InlineData(4)]
    [InlineData(10)]
    public void Take_BesidesTenantsThatHoldAllTheyCan_LeavesRoomForAnother(int tenants)
    {
        for (var i = 0; i < tenants; i++)
        {
            Assert.True(Fill($"greedy-{i}") > 0);
        }

        _memory.Take(TenantId.Parse("late"), Payload);
    }

    [Fact]
    public void Take_ByFourTenantsInTurns_LeavesAFifth()
    {
        var taken = 1;
        while (taken > 0)
        {
            taken = Enumerable.Range(0, 4).Count(i => TryTake(Tenant(i), Payload));
        }

        Assert.InRange(All - _memory.Taken, All / 5, All / 4);
    }

    [Fact]
    public void Take_OfOnePayloadThatGrows_IsNotCutOffByWhatIsKept()
    {
        Fill("greedy");
        for (var i = 0; All - _memory.Taken > Payload; i++)
        {
            Assert.True(TryTake(Tenant(i), Payload));
        }

        for (var grown = 0; grown < Payload; grown += Payload / 8)
        {
            _memory.Take(TenantId.Parse("late"), Payload / 8);
        }

        Assert.Equal(All, _memory.Taken);
    }

    [Fact]
    public void Take_BeyondWhatIsLeft_SaysWhetherItIsThatTenantsAffair()
    {
        Fill("greedy");
        var refused = Assert.Throws<StoreUnavailableException>(() =>
            _memory.Take(TenantId.Parse("greedy"), Payload)
        );
        Assert.True(refused.IsOneTenants);

        for (var i = 0; TryTake(Tenant(i), Payload); i++)
        {
            // Each has little, so all of it goes.
        }

        refused = Assert.Throws<StoreUnavailableException>(() =>
            _memory.Take(TenantId.Parse("late"), Payload)
        );
        Assert.False(refused.IsOneTenants);
    }

    [Fact]
    public void Return_OfAll_LeavesAllToTheNext()
    {
        var taken = Fill("greedy");
        for (var i = 0; i < taken; i++)
        {
            _memory.Return(TenantId.Parse("greedy"), Payload);
        }

        Assert.Equal(0, _memory.Taken);
        Assert.Equal(taken, Fill("another"));
    }

    private static string Tenant(int number) => $"tenant-{number}";

    /// <summary>Takes payloads until refused; how many.</summary>
    private int Fill(string tenant)
    {
        var taken = 0;
        while (TryTake(tenant, Payload))
        {
            taken++;
        }

        return taken;
    }

    private bool TryTake(string tenant, int bytes)
    {
        try
        {
            _memory.Take(TenantId.Parse(tenant), bytes);
            return true;
        }
        catch (StoreUnavailableException)
        {
            return false;
        }
    }
}
