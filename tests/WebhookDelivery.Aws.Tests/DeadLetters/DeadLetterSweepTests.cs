using System.Text;
using System.Text.Json.Nodes;
using Amazon.DynamoDBv2;
using Microsoft.Extensions.DependencyInjection;
using WebhookDelivery.Contracts;
using WebhookDelivery.Core;
using WebhookDelivery.Testing;

namespace WebhookDelivery.Aws.Tests;

public sealed class DeadLetterSweepTests : IAsyncLifetime
{
    private DeadLetterRig _rig = null!;

    private static CancellationToken None => CancellationToken.None;

    public async ValueTask InitializeAsync() => _rig = await DeadLetterRig.CreateAsync();

    public ValueTask DisposeAsync() => _rig.DisposeAsync();

    [Fact]
    public async Task Sweep_TrueAndStaleMessages_DropsTheStaleAndRequeuesNothing()
    {
        var keys = await _rig.AddDeadLettersAsync(await _rig.AddEndpointAsync(), 3);
        await _rig.Events.RestartAsync(keys[0], null, null, false, _rig.Now, None);
        await SweepAsync();
        Assert.Equal((2, 0), await _rig.Wire.CountsAsync());
        Assert.Equal((DeliveryStatus.DeadLetter, 1), await _rig.StateAsync(keys[1]));
        var hints = await _rig.HintsAsync();
        Assert.Equal(keys.Skip(1).ToHashSet(), hints.Select(hint => hint.Key).ToHashSet());
    }

    [Fact]
    public async Task Sweep_Poison_IsRecordedAndGivesWayToAHint()
    {
        var key = await _rig.AppendAsync(await _rig.AddEndpointAsync());
        await _rig.PoisonAsync(key);
        await SweepAsync();
        var delivery = await _rig.DeliveryAsync(key);
        Assert.Equal((DeliveryStatus.DeadLetter, 1), (delivery.Status, delivery.Generation));
        Assert.Equal((ReasonCode.Poison, 0), (delivery.LastReason, delivery.Attempts));
        Assert.Equal((1, 0), await _rig.Wire.CountsAsync());
        Assert.Equal(
            new DeadLetterMessage(key, 1, "poison", _rig.Now),
            Assert.Single(await _rig.HintsAsync())
        );
    }

    [Fact]
    public async Task Sweep_PoisonOfARetry_IsRecordedUnderItsFence()
    {
        var key = await _rig.AppendAsync(await _rig.AddEndpointAsync());
        var attempt = new Attempt
        {
            Key = key,
            Generation = 1,
            Number = 1,
            StartedAt = _rig.Now,
            EndpointVersion = 1,
            Outcome = new AttemptOutcome { Reason = ReasonCode.Timeout },
        };
        var failed = new DeliveryTransition(DeliveryStatus.Failed, _rig.Now.AddMinutes(1));
        await _rig.Events.RecordAttemptAsync(attempt, failed, None);

        // The first attempt's message is stale; the second's is poison.
        await _rig.PoisonAsync(key, attempt: 1);
        await SweepAsync();
        Assert.Equal((DeliveryStatus.Failed, 1), await _rig.StateAsync(key));
        Assert.Equal(0, await _rig.Wire.CountAsync());
        await _rig.PoisonAsync(key, attempt: 2);
        await SweepAsync();
        Assert.Equal((DeliveryStatus.DeadLetter, 1), await _rig.StateAsync(key));
    }

    [Fact]
    public async Task Sweep_PoisonOfAnEventThatIsGone_LeavesNoTrace()
    {
        var endpoint = await _rig.AddEndpointAsync();
        await _rig.PoisonAsync(_rig.Wire.NewKey(endpoint.TenantId.Value));
        await SweepAsync();
        Assert.Equal(0, await _rig.Wire.CountAsync());
        var query = new DeadLetterQuery { TenantId = endpoint.TenantId, Limit = 10 };
        Assert.Empty((await _rig.Events.ListDeadLettersAsync(query, None)).Deliveries);
    }

    [Fact]
    public async Task Sweep_PoisonThatCannotBeRecorded_StaysUntilItCan()
    {
        await using var proxy = await NewDynamoProxyAsync();
        using var dynamo = NewDynamo(proxy);
        var key = await _rig.AppendAsync(await _rig.AddEndpointAsync());
        await _rig.PoisonAsync(key);
        proxy.On("UpdateItem", AwsFault.Refuse("ThrottlingException"));
        Assert.Equal(0, await PassOverAsync(dynamo));
        Assert.Equal((DeliveryStatus.Pending, 1), await _rig.StateAsync(key));
        Assert.Equal((1, 0), await _rig.Wire.CountsAsync());
        Assert.Single(_rig.Log.Entries, entry => entry.Id == 4083);
        await SweepAsync();
        Assert.Equal((DeliveryStatus.DeadLetter, 1), await _rig.StateAsync(key));
    }

    [Fact]
    public async Task Sweep_AHintThatIsRefused_KeepsThePoisonUntilItIsTaken()
    {
        var key = await _rig.AppendAsync(await _rig.AddEndpointAsync());
        await _rig.PoisonAsync(key);
        using (_rig.Wire.Proxy.On("SendMessage", AwsFault.Refuse("RequestThrottled")))
        {
            await SweepAsync();
        }

        Assert.Equal((DeliveryStatus.DeadLetter, 1), await _rig.StateAsync(key));
        Assert.Equal((1, 0), await _rig.Wire.CountsAsync());
        await SweepAsync();
        Assert.Equal(key, Assert.Single(await _rig.HintsAsync()).Key);
    }

    [Fact]
    public async Task Sweep_SeveralMessagesOfOneDeadLetter_LeavesOne()
    {
        var endpoint = await _rig.AddEndpointAsync();
        var key = Assert.Single(await _rig.AddDeadLettersAsync(endpoint, 1));
        await _rig.HintAsync(key);
        await _rig.PoisonAsync(key);
        await SweepAsync();
        Assert.Equal((1, 0), await _rig.Wire.CountsAsync());
        Assert.Equal(key, Assert.Single(await _rig.HintsAsync()).Key);
    }

    [Fact]
    public async Task Sweep_Again_WaitsAnHour()
    {
        await using var process = _rig.NewProcess();
        var sweep = process.GetRequiredService<IDeadLetterSweep>();
        await sweep.SweepAsync(_rig.Now, None);
        var first = _rig.Wire.Proxy.Of("ReceiveMessage").Count;
        Assert.NotEqual(0, first);
        _rig.Time.Advance(TimeSpan.FromMinutes(59));
        await sweep.SweepAsync(_rig.Now, None);
        Assert.Equal(first, _rig.Wire.Proxy.Of("ReceiveMessage").Count);
        _rig.Time.Advance(TimeSpan.FromMinutes(1));
        await sweep.SweepAsync(_rig.Now, None);
        Assert.NotEqual(first, _rig.Wire.Proxy.Of("ReceiveMessage").Count);
    }

    [Fact]
    public async Task Sweep_AfterARequeueThatDiedBeforeItsSend_HealsIt()
    {
        var endpoint = await _rig.AddEndpointAsync();
        var key = Assert.Single(await _rig.AddDeadLettersAsync(endpoint, 1));
        await _rig.Events.RestartAsync(key, DeliveryStatus.DeadLetter, 1, false, _rig.Now, None);
        _rig.Time.Advance(_rig.Options.HealingGrace);
        await _rig.Queue.SweepAsync(_rig.Now, None);
        Assert.Equal([key], await _rig.ReceiveAsync(1));
        Assert.Equal((DeliveryStatus.Pending, 2), await _rig.StateAsync(key));
        Assert.Empty(await _rig.HintsAsync());
    }

    [Fact]
    public async Task DeadLetter_WhileItsQueueRefuses_IsLeftToTheStore()
    {
        var key = await _rig.AppendAsync(await _rig.AddEndpointAsync());
        Assert.True(await _rig.KillAsync(key));
        var due = new DueDelivery
        {
            Key = key,
            Generation = 1,
            Attempt = 1,
            DueAt = _rig.Now,
        };
        using (_rig.Wire.Proxy.On("SendMessage", AwsFault.DropBefore()))
        {
            await _rig.Queue.DeadLetterAsync(due, ReasonCode.Timeout, None);
        }

        Assert.Empty(await _rig.HintsAsync());
        await _rig.Queue.DeadLetterAsync(due, ReasonCode.Timeout, None);
        Assert.Equal(key, Assert.Single(await _rig.HintsAsync()).Key);
    }

    [Fact]
    public async Task Collect_MoreThanItsBound_LeavesTheRestAlone()
    {
        await _rig.AddDeadLettersAsync(await _rig.AddEndpointAsync(), 8);
        await using var process = _rig.NewProcess();
        var passes = process.GetRequiredService<DeadLetterPasses>();
        await using (var pass = passes.Begin(new DeadLetterScope { MessagesMax = 5 }))
        {
            await pass.CollectAsync(None);
            Assert.Equal(5, pass.Held);
            Assert.Equal((3, 5), await _rig.Wire.CountsAsync());
        }

        Assert.Equal((8, 0), await _rig.Wire.CountsAsync());
    }

    [Fact]
    public async Task Settle_WhileTheStoreIsGone_LeavesTheMessages()
    {
        await using var proxy = await NewDynamoProxyAsync();
        using var dynamo = NewDynamo(proxy);
        await _rig.AddDeadLettersAsync(await _rig.AddEndpointAsync(), 2);
        proxy.On("BatchGetItem", AwsFault.Refuse("ThrottlingException"));
        Assert.Equal(0, await PassOverAsync(dynamo));
        Assert.Equal((2, 0), await _rig.Wire.CountsAsync());
        Assert.Single(_rig.Log.Entries, entry => entry.Id == 4085);
    }

    [Fact]
    public async Task Settle_WhatDynamoDbLeftUnread_LeavesThoseMessages()
    {
        await using var proxy = await NewDynamoProxyAsync();
        using var dynamo = NewDynamo(proxy);
        var keys = await _rig.AddDeadLettersAsync(await _rig.AddEndpointAsync(), 3);
        foreach (var key in keys)
        {
            await _rig.Events.RestartAsync(key, null, null, false, _rig.Now, None);
        }

        proxy.On("BatchGetItem", LeaveOneUnread);
        Assert.Equal(2, await PassOverAsync(dynamo));
        Assert.Equal((1, 0), await _rig.Wire.CountsAsync());
    }

    private static async Task<FaultProxy> NewDynamoProxyAsync() =>
        await FaultProxy.StartAsync((await AwsEmulators.Shared).DynamoDbUrl);

    private AmazonDynamoDBClient NewDynamo(FaultProxy proxy) =>
        _rig.Wire.Tables.CreateDynamo(config =>
        {
            config.ServiceURL = proxy.Url;
            config.MaxErrorRetry = 0;
        });

    private async Task<int> PassOverAsync(IAmazonDynamoDB dynamo)
    {
        await using var process = _rig.NewProcess(dynamo);
        var passes = process.GetRequiredService<DeadLetterPasses>();
        await using var pass = passes.Begin(new DeadLetterScope());
        await pass.CollectAsync(None);
        return await pass.SettleAsync(None);
    }

    /// <summary>Answers as DynamoDB does when it is busy: without the first item.</summary>
    private static async Task<ProxiedResponse?> LeaveOneUnread(
        ProxiedRequest request,
        Func<ProxiedRequest, Task<ProxiedResponse>> forward
    )
    {
        var table = request.Json()["RequestItems"]!.AsObject().Single().Key;
        var asked = request.Json();
        var keys = asked["RequestItems"]![table]!["Keys"]!.AsArray();
        var left = keys[0]!.DeepClone();
        keys.RemoveAt(0);
        var body = Encoding.UTF8.GetBytes(asked.ToJsonString());
        var answer = await forward(request with { Body = body });
        var changed = answer.Json();
        changed["UnprocessedKeys"] = new JsonObject
        {
            [table] = new JsonObject { ["Keys"] = new JsonArray(left) },
        };
        return answer.With(changed);
    }

    private Task SweepAsync() => _rig.SweepAsync();
}
