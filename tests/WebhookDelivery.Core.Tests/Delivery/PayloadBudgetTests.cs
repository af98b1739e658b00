using WebhookDelivery.Testing;

namespace WebhookDelivery.Core.Tests;

/// <summary>Bytes of payloads: bounded, shared by the rule of places, given back to who waits.</summary>
public sealed class PayloadBudgetTests
{
    private const long Whole = DeliveryOptions.PayloadBytesCeiling;

    private readonly ManualTimeProvider _time = new();

    [Fact]
    public async Task Reserve_OfOneTenant_TakesHalfAndWaitsForItsOwnThen()
    {
        var budget = New(8 * Whole);
        var shares = await TakeAllAsync(budget, Sample.Tenant);

        Assert.Equal(4, shares.Count);
        Assert.Equal(4 * Whole, budget.Bytes);
        var next = Reserve(budget, Sample.Tenant);
        Assert.False(next.IsCompleted);
        shares[0].Dispose();
        using var share = await next;
        Assert.NotNull(share);
        Assert.Equal(4 * Whole, budget.Bytes);
    }

    [Fact]
    public async Task Reserve_OfANewcomer_FindsBytesThoughOthersWait()
    {
        var budget = New(64 * Whole);
        for (var i = 0; i < 5; i++)
        {
            Assert.NotEmpty(await TakeAllAsync(budget, TenantId.Parse($"hog-{i}")));
            Assert.False(Reserve(budget, TenantId.Parse($"hog-{i}")).IsCompleted);
        }

        Assert.NotNull(await Reserve(budget, Sample.Tenant));
        Assert.InRange(budget.Bytes, 1, 64 * Whole);
    }

    [Fact]
    public async Task Settle_WithTheRealLength_LetsTheNextRead()
    {
        var budget = New(2 * Whole);
        var first = await Reserve(budget, Sample.Tenant);
        var second = Reserve(budget, Sample.Tenant);
        Assert.False(second.IsCompleted);

        first!.Settle(20_000);
        (await second)!.Settle(30_000);
        Assert.Equal(50_000, budget.Bytes);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(Whole - 1)]
    public async Task Reserve_BudgetSmallerThanAPayload_LetsThemGoOneByOne(long bytesMax)
    {
        var budget = New(bytesMax);
        var first = await Reserve(budget, Sample.Tenant);
        first!.Settle(Whole);
        var second = Reserve(budget, Sample.OtherTenant);
        Assert.False(second.IsCompleted);

        first.Dispose();
        Assert.NotNull(await second);
    }

    [Fact]
    public async Task Reserve_SeveralWait_ThoseWithLeastComeFirst()
    {
        var budget = New(4 * Whole);
        var big = await TakeAllAsync(budget, Sample.Tenant);
        using var other = await Reserve(budget, Sample.OtherTenant);
        using var filler = await Reserve(budget, TenantId.Parse("filler"));
        Assert.Equal(4 * Whole, budget.Bytes);
        var more = Reserve(budget, Sample.Tenant);
        var newcomer = Reserve(budget, TenantId.Parse("newcomer"));

        big[0].Dispose();
        Assert.NotNull(await newcomer);
        Assert.False(more.IsCompleted);
    }

    [Fact]
    public async Task Reserve_PastItsTime_GivesUpAndLeavesNothing()
    {
        var budget = New(Whole);
        var first = await Reserve(budget, Sample.Tenant);
        var until = _time.GetUtcNow().AddSeconds(5);
        var waiting = budget
            .ReserveAsync(Sample.OtherTenant, until, TestContext.Current.CancellationToken)
            .AsTask();
        Assert.False(waiting.IsCompleted);

        _time.Advance(TimeSpan.FromSeconds(5));
        Assert.Null(await waiting);
        first!.Dispose();
        Assert.Equal(0, budget.Bytes);
        Assert.NotNull(await Reserve(budget, Sample.Tenant));
    }

    [Fact]
    public async Task Reserve_Cancelled_LeavesItsPlaceInTheQueue()
    {
        var budget = New(Whole);
        var first = await Reserve(budget, Sample.Tenant);
        using var stopping = new CancellationTokenSource();
        var gone = budget.ReserveAsync(Sample.Tenant, null, stopping.Token).AsTask();
        var next = Reserve(budget, Sample.Tenant);

        await stopping.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => gone);
        first!.Dispose();
        (await next)!.Dispose();
        Assert.Equal(0, budget.Bytes);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public async Task Reserve_RandomSteps_StaysWithinTheBudgetAndLetsEverybodyIn(int seed)
    {
        var random = new Random(seed);
        var most = (random.Next(6) * Whole) + random.Next(1, 1000);
        var budget = New(most);
        var waiting = new List<Task<PayloadShare?>>();
        var taken = new List<PayloadShare>();
        var settled = new HashSet<PayloadShare>();
        for (var step = 0; step < 2000; step++)
        {
            if (random.Next(2) == 0)
            {
                waiting.Add(Reserve(budget, TenantId.Parse($"tenant-{random.Next(4)}")));
            }
            else if (taken.Count > 0)
            {
                var share = taken[random.Next(taken.Count)];
                if (settled.Add(share))
                {
                    share.Settle(random.Next((int)Whole));
                }
                else
                {
                    share.Dispose();
                    taken.Remove(share);
                }
            }

            await CollectAsync(waiting, taken);
            Assert.InRange(budget.Bytes, 0, Math.Max(most, Whole));
        }

        while (taken.Count > 0)
        {
            taken[0].Dispose();
            taken.RemoveAt(0);
            await CollectAsync(waiting, taken);
        }

        Assert.Empty(waiting);
        Assert.Equal(0, budget.Bytes);
    }

    /// <summary>Moves who has been let in; where nobody is inside, somebody must be.</summary>
    private static async Task CollectAsync(
        List<Task<PayloadShare?>> waiting,
        List<PayloadShare> taken
    )
    {
        if (taken.Count == 0 && waiting.Count > 0)
        {
            await Task.WhenAny(waiting).WaitAsync(TimeSpan.FromSeconds(30));
        }

        foreach (var let in waiting.Where(each => each.IsCompleted).ToList())
        {
            taken.Add((await let)!);
            waiting.Remove(let);
        }
    }

    private PayloadBudget New(long bytesMax) =>
        new(new DeliveryOptions { InFlightPayloadBytesMax = bytesMax }, _time);

    private static Task<PayloadShare?> Reserve(PayloadBudget budget, TenantId tenant) =>
        budget.ReserveAsync(tenant, null, TestContext.Current.CancellationToken).AsTask();

    private static async Task<List<PayloadShare>> TakeAllAsync(
        PayloadBudget budget,
        TenantId tenant
    )
    {
        var shares = new List<PayloadShare>();
        while (
            await budget.ReserveAsync(
                tenant,
                DateTimeOffset.MinValue,
                TestContext.Current.CancellationToken
            )
                is { } share
        )
        {
            shares.Add(share);
        }

        return shares;
    }
}
