using Amazon.DynamoDBv2;
using Amazon.DynamoDBv2.Model;
using Microsoft.Extensions.Logging;
using WebhookDelivery.Core;
using WebhookDelivery.Testing;

namespace WebhookDelivery.Aws.Tests;

public sealed class DynamoRateLimiterTests : IAsyncLifetime
{
    private static readonly RandomIdSource Ids = new();
    private readonly ManualTimeProvider _time = new();
    private readonly RecordedLog _log = new();
    private AwsTables _tables = null!;
    private EndpointKey _endpoint;

    private static CancellationToken None => CancellationToken.None;

    public async ValueTask InitializeAsync()
    {
        _tables = await AwsTables.CreateAsync();
        _endpoint = new(TenantId.Parse("acme"), new EndpointId(Ids.NewId(_time.GetUtcNow())));
    }

    public ValueTask DisposeAsync() => _tables.DisposeAsync();

    [Fact]
    public async Task Take_AHundredAtOnceInFourProcesses_StaysWithinTheRateAndAsksTwice()
    {
        var processes = Enumerable.Range(0, 4).Select(_ => NewLimiter()).ToArray();
        var waiting = Enumerable.Repeat(_time.GetUtcNow(), 100).ToList();
        var begun = new List<int>();
        var asked = 0;
        while (waiting.Count > 0)
        {
            _time.Advance(waiting.Min() - _time.GetUtcNow());
            var now = _time.GetUtcNow();
            var asking = waiting.Count(at => at <= now);
            var answers = await Task.WhenAll(
                Enumerable
                    .Range(0, asking)
                    .Select(i => processes[i % 4].TakeAsync(_endpoint, 10, now, None).AsTask())
            );
            asked += asking;
            begun.Add(answers.Count(answer => answer is null));
            waiting.RemoveAll(at => at <= now);
            waiting.AddRange(answers.OfType<DateTimeOffset>());
        }

        // One a second: each is a window, and full.
        Assert.Equal(Enumerable.Repeat(10, 10), begun);
        Assert.Equal(190, asked);
    }

    [Fact]
    public async Task Take_OnceInTenSeconds_LetsOneThroughInEach()
    {
        var (one, other) = (NewLimiter(), NewLimiter());
        var now = _time.GetUtcNow().AddSeconds(4);
        Assert.Null(await one.TakeAsync(_endpoint, 0.1, now, None));
        Assert.Equal(now.AddSeconds(6), await other.TakeAsync(_endpoint, 0.1, now, None));
        Assert.Null(await other.TakeAsync(_endpoint, 0.1, now.AddSeconds(6), None));
    }

    [Fact]
    public async Task Take_OfOtherEndpointsAndTenants_CountsForItself()
    {
        var limiter = NewLimiter();
        var now = _time.GetUtcNow();
        var sameTenant = _endpoint with { EndpointId = new EndpointId(Ids.NewId(now)) };
        var sameEndpoint = _endpoint with { TenantId = TenantId.Parse("other") };
        Assert.Null(await limiter.TakeAsync(_endpoint, 1, now, None));
        Assert.Null(await limiter.TakeAsync(sameTenant, 1, now, None));
        Assert.Null(await limiter.TakeAsync(sameEndpoint, 1, now, None));
        Assert.NotNull(await limiter.TakeAsync(_endpoint, 1, now, None));
    }

    [Fact]
    public async Task Take_OfAWindow_LeavesOneItemThatExpires()
    {
        var limiter = NewLimiter();
        var now = _time.GetUtcNow();
        await limiter.TakeAsync(_endpoint, 1, now, None);
        await limiter.TakeAsync(_endpoint, 1, now, None);
        var counters = await _tables.Dynamo.QueryAsync(
            new QueryRequest
            {
                TableName = _tables.Options.EventsTable,
                KeyConditionExpression = "tenantId = :p",
                ExpressionAttributeValues = new() { [":p"] = new("acme#rate") },
            },
            None
        );
        var counter = Assert.Single(counters.Items);
        Assert.Equal(
            $"{_endpoint.EndpointId}#{now.ToUnixTimeMilliseconds()}",
            counter[EventsTable.EventId].S
        );
        Assert.Equal(
            now.AddHours(1).AddSeconds(1).ToUnixTimeSeconds(),
            long.Parse(counter[EventsTable.Ttl].N)
        );
    }

    [Fact]
    public async Task Take_InAnOutage_LetsThroughAndSaysSoOnce()
    {
        var limiter = NewLimiter(_tables.Options with { TablePrefix = "none" });
        var now = _time.GetUtcNow();
        for (var i = 0; i < 3; i++)
        {
            Assert.Null(await limiter.TakeAsync(_endpoint, 1, now, None));
        }

        Assert.Single(_log.Entries, entry => entry.Level == LogLevel.Warning);
    }

    [Fact]
    public async Task Take_OfADatabaseThatHangs_LetsThrough()
    {
        var emulators = await AwsEmulators.Shared;
        await using var proxy = await FaultProxy.StartAsync(emulators.DynamoDbUrl);
        var never = new TaskCompletionSource().Task;
        proxy.On("UpdateItem", AwsFault.After(never));
        using var dynamo = _tables.CreateDynamo(config => config.ServiceURL = proxy.Url);
        var taking = NewLimiter(dynamo: dynamo)
            .TakeAsync(_endpoint, 1, _time.GetUtcNow(), None)
            .AsTask();
        await Until.HoldsAsync(
            () => new(proxy.Of("UpdateItem").Count > 0),
            TimeSpan.FromSeconds(30),
            () => "the request comes"
        );
        _time.Advance(TimeSpan.FromSeconds(2));
        Assert.Null(await taking);
    }

    [Fact]
    public async Task Take_Cancelled_Throws()
    {
        using var cancelled = new CancellationTokenSource();
        await cancelled.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(async () =>
            await NewLimiter().TakeAsync(_endpoint, 1, _time.GetUtcNow(), cancelled.Token)
        );
    }

    private DynamoRateLimiter NewLimiter(
        AwsEngineOptions? options = null,
        IAmazonDynamoDB? dynamo = null
    ) =>
        new(
            dynamo ?? _tables.Dynamo,
            options ?? _tables.Options,
            _time,
            _log.For<DynamoRateLimiter>()
        );
}
