using System.Security.Cryptography;
using WebhookDelivery.Core;
using WebhookDelivery.Testing;

namespace WebhookDelivery.Aws.Tests;

public sealed class EventShardsTests : IAsyncLifetime
{
    private static readonly CancellationToken None = CancellationToken.None;
    private static readonly TenantId Acme = TenantId.Parse("acme");
    private static readonly RandomIdSource Ids = new();
    private readonly ManualTimeProvider _time = new();
    private AwsTables _tables = null!;
    private DynamoTenantStore _tenants = null!;

    public async ValueTask InitializeAsync()
    {
        _tables = await AwsTables.CreateAsync();
        _tenants = new DynamoTenantStore(_tables.Dynamo, _tables.Options, NewShards());
        var now = _time.GetUtcNow();
        var tenant = new Tenant
        {
            Id = Acme,
            Version = 1,
            DataKey = new TenantDataKey(Acme, RandomNumberGenerator.GetBytes(60)),
            CreatedAt = now,
            UpdatedAt = now,
        };
        var (_, key) = ApiKeyToken.Create(ApiKeyRole.Tenant, Acme, null, now);
        Assert.True(await _tenants.CreateAsync(tenant, key, null, None));
    }

    public ValueTask DisposeAsync() => _tables.DisposeAsync();

    [Fact]
    public async Task Find_OfATenantThatNeverGrewOrIsMissing_IsOneShard()
    {
        var shards = NewShards();
        Assert.Equal(1, (await shards.FindAsync(Acme, None)).Max);
        Assert.Equal(1, (await shards.FindAsync(TenantId.Parse("nobody"), None)).Max);
    }

    [Fact]
    public async Task Find_WhatAnotherProcessGrew_SeesItWithinTenSeconds()
    {
        var shards = NewShards();
        Assert.Equal(1, (await shards.FindAsync(Acme, None)).Max);

        await NewShards().GrowAsync(Acme, 4, None);

        _time.Advance(EventShards.CacheFor - TimeSpan.FromMilliseconds(1));
        Assert.Equal(1, (await shards.FindAsync(Acme, None)).Max);
        _time.Advance(TimeSpan.FromMilliseconds(1));
        Assert.Equal(4, (await shards.FindAsync(Acme, None)).Max);
    }

    [Fact]
    public async Task Find_WhileItIsFresh_CallsNobody()
    {
        var shards = NewShards();
        await shards.FindAsync(Acme, None);
        Assert.Equal(1, FindAtOnce(shards).Max);
    }

    [Fact]
    public async Task Find_AfterTheTenantWasLoaded_CallsNobody()
    {
        await NewShards().GrowAsync(Acme, 8, None);
        var shards = NewShards();
        var store = new DynamoTenantStore(_tables.Dynamo, _tables.Options, shards);

        await store.LoadAsync(Acme, None);

        Assert.Equal(8, FindAtOnce(shards).Max);
    }

    [Fact]
    public async Task Grow_ToMore_TakesEffectAMinuteLater()
    {
        var before = NewId();
        var shards = NewShards();
        await shards.GrowAsync(Acme, 4, None);

        var history = await shards.FindAsync(Acme, None);
        _time.Advance(EventShards.GrowthDelay - TimeSpan.FromMilliseconds(1));
        Assert.Equal(1, history.At(NewId()));
        _time.Advance(TimeSpan.FromMilliseconds(1));
        Assert.Equal(4, history.At(NewId()));
        Assert.Equal(1, history.At(before));
    }

    [Theory]
    [InlineData(4)]
    [InlineData(2)]
    [InlineData(1)]
    public async Task Grow_ToNoMore_ChangesNothing(int count)
    {
        var shards = NewShards();
        var grown = await shards.GrowAsync(Acme, 4, None);
        _time.Advance(TimeSpan.FromMinutes(5));
        Assert.Equal(grown!.ToString(), (await shards.GrowAsync(Acme, count, None))!.ToString());
        Assert.Equal(grown.ToString(), (await NewShards().FindAsync(Acme, None)).ToString());
    }

    [Theory]
    [InlineData(0)]
    [InlineData(3)]
    [InlineData(64)]
    public async Task Grow_ToWhatNoTenantCanHave_IsRefused(int count) =>
        await Assert.ThrowsAsync<ArgumentOutOfRangeException>(() =>
            NewShards().GrowAsync(Acme, count, None)
        );

    [Fact]
    public async Task Grow_Concurrently_LosesNoGrowth()
    {
        int[] counts = [2, 4, 8, 16, 32];
        await Task.WhenAll(
            counts.Select(count => Task.Run(() => NewShards().GrowAsync(Acme, count, None)))
        );

        var history = await NewShards().FindAsync(Acme, None);
        Assert.Equal(32, history.Max);
        Assert.Equal(history.ToString(), ShardHistory.Parse(history.ToString()).ToString());
    }

    [Fact]
    public async Task Grow_ATenantThatIsMissingOrDeleted_AnswersNone()
    {
        var loaded = (await _tenants.LoadAsync(Acme, None))!.Tenant;
        var now = _time.GetUtcNow();
        await _tenants.SaveAsync(loaded with { Version = 2, DeletedAt = now }, None);

        Assert.Null(await NewShards().GrowAsync(Acme, 2, None));
        Assert.Null(await NewShards().GrowAsync(TenantId.Parse("nobody"), 2, None));
        Assert.Null(await _tenants.LoadAsync(TenantId.Parse("nobody"), None));
    }

    [Fact]
    public async Task Grow_ThenSaveTheTenant_KeepsTheShards()
    {
        await NewShards().GrowAsync(Acme, 2, None);
        var loaded = (await _tenants.LoadAsync(Acme, None))!.Tenant;
        Assert.True(await _tenants.SaveAsync(loaded with { Version = 2, Name = "Acme" }, None));
        Assert.Equal(2, (await NewShards().FindAsync(Acme, None)).Max);
    }

    /// <summary>As a process that has just started.</summary>
    private EventShards NewShards() => new(_tables.Dynamo, _tables.Options, _time);

    private static ShardHistory FindAtOnce(EventShards shards)
    {
        var finding = shards.FindAsync(Acme, None).AsTask();
        Assert.True(finding.IsCompletedSuccessfully);
        return finding.Result;
    }

    private EventId NewId() => new(Ids.NewId(_time.GetUtcNow()));
}
