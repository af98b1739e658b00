using System.Text.Json;
using System.Text.Json.Nodes;
using WebhookDelivery.Contracts;
using WebhookDelivery.Core;
using WebhookDelivery.Testing;

namespace WebhookDelivery.Aws.Tests;

public sealed class DeadLetterQueueProcessorTests : IAsyncLifetime
{
    private DeadLetterRig _rig = null!;

    private static CancellationToken None => CancellationToken.None;

    public async ValueTask InitializeAsync() => _rig = await DeadLetterRig.CreateAsync();

    public ValueTask DisposeAsync() => _rig.DisposeAsync();

    [Fact]
    public async Task Run_FiveDeadLetters_RequeuesThemAndEmptiesTheQueue()
    {
        var keys = await _rig.AddDeadLettersAsync(await _rig.AddEndpointAsync(), 5);
        Assert.Equal(new DeadLetterRun(5, 0), await _rig.RunAsync());
        foreach (var key in keys)
        {
            Assert.Equal((DeliveryStatus.Pending, 2), await _rig.StateAsync(key));
        }

        Assert.Equal(keys.ToHashSet(), await _rig.ReceiveAsync(5));
        Assert.Empty(await _rig.HintsAsync());
        Assert.Equal(new DeadLetterRun(0, 0), await _rig.RunAsync());
    }

    [Fact]
    public async Task Run_ALostMessage_RequeuesTheDeadLetterAllTheSame()
    {
        var endpoint = await _rig.AddEndpointAsync();
        var key = Assert.Single(await _rig.AddDeadLettersAsync(endpoint, 1, lost: true));
        Assert.Equal(new DeadLetterRun(1, 0), await _rig.RunAsync());
        Assert.Equal((DeliveryStatus.Pending, 2), await _rig.StateAsync(key));
    }

    [Fact]
    public async Task Run_StaleMessages_AreDroppedUncounted()
    {
        var endpoint = await _rig.AddEndpointAsync();
        var keys = await _rig.AddDeadLettersAsync(endpoint, 2);
        foreach (var key in keys)
        {
            await _rig.Events.RestartAsync(key, null, null, false, _rig.Now, None);
        }

        await _rig.RecordAsync(keys[0], ReasonCode.Delivered, DeliveryStatus.Delivered, 2);

        // Of an event that is gone, and of an earlier generation of a dead letter.
        await _rig.HintAsync(_rig.Wire.NewKey(endpoint.TenantId.Value));
        await _rig.RecordAsync(keys[1], ReasonCode.Timeout, DeliveryStatus.DeadLetter, 2);
        await _rig.DeleteEndpointAsync(endpoint);

        Assert.Equal(new DeadLetterRun(0, 1), await _rig.RunAsync());
        Assert.Equal((DeliveryStatus.Delivered, 2), await _rig.StateAsync(keys[0]));
        Assert.Empty(await _rig.HintsAsync());
    }

    [Fact]
    public async Task Run_ADeletedEndpoint_FailsAndKeepsTheMessages()
    {
        var endpoint = await _rig.AddEndpointAsync();
        var keys = await _rig.AddDeadLettersAsync(endpoint, 2);
        await _rig.DeleteEndpointAsync(endpoint);
        Assert.Equal(new DeadLetterRun(0, 2), await _rig.RunAsync());
        Assert.Equal((2, 0), await _rig.Wire.CountsAsync());
        Assert.Equal(keys.ToHashSet(), Keys(await _rig.HintsAsync()));
    }

    [Fact]
    public async Task Run_OfATenantOrEndpoint_LeavesTheMessagesOfOthers()
    {
        var (mine, others) = (await _rig.AddEndpointAsync(), await _rig.AddEndpointAsync());
        await _rig.AddDeadLettersAsync(mine, 2);
        var theirs = await _rig.AddDeadLettersAsync(others, 3);

        // Stale, and poison: not for this run to find out.
        await _rig.Events.RestartAsync(theirs[0], null, null, false, _rig.Now, None);
        var poison = await _rig.AppendAsync(others);
        await _rig.PoisonAsync(poison);

        var request = new DeadLetterRequest { TenantId = mine.TenantId };
        Assert.Equal(new DeadLetterRun(2, 0), await _rig.RunAsync(request));
        Assert.Equal((4, 0), await _rig.Wire.CountsAsync());
        Assert.Equal((DeliveryStatus.Pending, 1), await _rig.StateAsync(poison));

        request = new DeadLetterRequest { EndpointId = others.EndpointId };
        Assert.Equal(new DeadLetterRun(3, 0), await _rig.RunAsync(request));
        Assert.Equal((0, 0), await _rig.Wire.CountsAsync());
    }

    [Fact]
    public async Task Run_MoreThanAsked_StopsThereAndKeepsTheRest()
    {
        await _rig.AddDeadLettersAsync(await _rig.AddEndpointAsync(), 12);
        var request = new DeadLetterRequest { MaxMessages = 7, BatchSize = 3 };
        Assert.Equal(new DeadLetterRun(7, 0), await _rig.RunAsync(request));
        Assert.Equal((5, 0), await _rig.Wire.CountsAsync());
        Assert.All(
            _rig.Wire.Proxy.Of("ReceiveMessage"),
            each => Assert.Equal(3, (int)each.Json()["MaxNumberOfMessages"]!)
        );
    }

    [Fact]
    public async Task Run_Poison_IsRecordedAndRequeued()
    {
        var key = await _rig.AppendAsync(await _rig.AddEndpointAsync());
        await _rig.PoisonAsync(key);
        Assert.Equal(new DeadLetterRun(1, 0), await _rig.RunAsync());
        var delivery = await _rig.DeliveryAsync(key);
        Assert.Equal((DeliveryStatus.Pending, 2), (delivery.Status, delivery.Generation));
        Assert.Equal(ReasonCode.Poison, delivery.LastReason);
        Assert.Equal((0, 0), await _rig.Wire.CountsAsync());
    }

    [Fact]
    public async Task Run_Poison_IsToldToTheTenantOnce()
    {
        var endpoint = await _rig.AddEndpointAsync();
        var desk = await _rig.AddOperationalAsync(endpoint.TenantId);
        var key = await _rig.AppendAsync(endpoint);
        await _rig.PoisonAsync(key);
        await _rig.PoisonAsync(key);
        await _rig.SweepAsync();
        await _rig.RunAsync();

        var page = await _rig.Events.ListAsync(
            new EventQuery
            {
                TenantId = endpoint.TenantId,
                Type = OperationalEventTypes.DeliveryDeadLettered,
                Limit = 10,
            },
            None
        );
        var told = Assert.Single(page.Events);
        Assert.Equal(EventSource.Operational, told.Event.Source);
        Assert.Equal(desk, Assert.Single(told.Deliveries).Key.Endpoint);
        var payload = await _rig.Events.FindPayloadAsync(endpoint.TenantId, told.Event.Id, None);
        using var document = JsonDocument.Parse(payload!.Value);
        var data = document.RootElement.GetProperty("data");
        Assert.Equal(key.EventId.ToString(), data.GetProperty("event_id").GetString());
        Assert.Equal("poison", data.GetProperty("last_reason").GetString());
        Assert.Equal(0, data.GetProperty("attempts").GetInt32());
    }

    [Fact]
    public async Task Run_PoisonThatHasMovedOnSince_IsDropped()
    {
        var key = await _rig.AppendAsync(await _rig.AddEndpointAsync());
        await _rig.PoisonAsync(key);
        await _rig.RecordAsync(key, ReasonCode.Delivered, DeliveryStatus.Delivered);
        Assert.Equal(new DeadLetterRun(0, 0), await _rig.RunAsync());
        Assert.Equal((DeliveryStatus.Delivered, 1), await _rig.StateAsync(key));
        Assert.Equal((0, 0), await _rig.Wire.CountsAsync());
    }

    [Fact]
    public async Task Run_MessagesThatNobodyCanRead_AreInNobodysWay()
    {
        for (var i = 0; i < 15; i++)
        {
            await _rig.Wire.SendAsync($"what is this? {i}");
        }

        await _rig.AddDeadLettersAsync(await _rig.AddEndpointAsync(), 5);
        Assert.Equal(new DeadLetterRun(5, 0), await _rig.RunAsync());
        Assert.Equal((15, 0), await _rig.Wire.CountsAsync());
        var entry = Assert.Single(_rig.Log.Entries, entry => entry.Id == 4082);
        Assert.StartsWith("15 messages", entry.Text);
    }

    [Fact]
    public async Task Run_TwoAtOnce_CountEachDeadLetterOnce()
    {
        await _rig.AddDeadLettersAsync(await _rig.AddEndpointAsync(), 40);
        var runs = await Task.WhenAll(_rig.RunAsync(), _rig.RunAsync());
        Assert.Equal(40, runs.Sum(run => run.Requeued));
        Assert.Equal(0, runs.Sum(run => run.Failed));
        Assert.Equal(new DeadLetterRun(0, 0), await _rig.RunAsync());
        Assert.Equal((0, 0), await _rig.Wire.CountsAsync());
    }

    [Fact]
    public async Task Run_WhileTheQueueIsGone_RequeuesByTheStore()
    {
        await _rig.AddDeadLettersAsync(await _rig.AddEndpointAsync(), 3);
        using (
            _rig.Wire.Proxy.On(
                request => request.Operation is "ReceiveMessage",
                AwsFault.Refuse("RequestThrottled")
            )
        )
        {
            Assert.Equal(new DeadLetterRun(3, 0), await _rig.RunAsync());
        }

        Assert.Equal((3, 0), await _rig.Wire.CountsAsync());
        Assert.Equal(new DeadLetterRun(0, 0), await _rig.RunAsync());
        Assert.Equal((0, 0), await _rig.Wire.CountsAsync());
    }

    [Fact]
    public async Task Run_SomeDeletesFail_LeavesThoseToTheNextRun()
    {
        await _rig.AddDeadLettersAsync(await _rig.AddEndpointAsync(), 4);
        var failing = new HashSet<string>();
        using (
            _rig.Wire.Proxy.On(
                "DeleteMessageBatch",
                AwsFault.FailEntries(entry =>
                    failing.Count < 2 && failing.Add(Receipt(entry))
                    || failing.Contains(Receipt(entry))
                )
            )
        )
        {
            Assert.Equal(new DeadLetterRun(4, 0), await _rig.RunAsync());
        }

        Assert.Equal((2, 0), await _rig.Wire.CountsAsync());
        Assert.Equal(new DeadLetterRun(0, 0), await _rig.RunAsync());
        Assert.Equal((0, 0), await _rig.Wire.CountsAsync());
    }

    [Fact]
    public async Task Run_Cancelled_GivesTheMessagesBack()
    {
        await _rig.AddDeadLettersAsync(await _rig.AddEndpointAsync(), 3);
        using var cancelled = new CancellationTokenSource();
        _rig.Wire.Proxy.On(
            "ReceiveMessage",
            async (request, forward) =>
            {
                var answer = await forward(request);
                if (!answer.Json().ContainsKey("Messages"))
                {
                    await cancelled.CancelAsync();
                }

                return answer;
            }
        );
        await Assert.ThrowsAnyAsync<OperationCanceledException>(async () =>
            await _rig.RunAsync(cancellationToken: cancelled.Token)
        );
        Assert.Equal((3, 0), await _rig.Wire.CountsAsync());
    }

    [Fact]
    public async Task Run_NearItsDeadline_StopsReceivingAndRequeues()
    {
        await _rig.AddDeadLettersAsync(await _rig.AddEndpointAsync(), 3);
        _rig.Wire.Proxy.On(
            "ReceiveMessage",
            (request, forward) =>
            {
                _rig.Time.Advance(TimeSpan.FromMinutes(1));
                return Forward(request, forward);
            }
        );
        var request = new DeadLetterRequest { BatchSize = 1, Deadline = _rig.Now.AddMinutes(3) };
        Assert.Equal(new DeadLetterRun(3, 0), await _rig.RunAsync(request));
        Assert.Single(_rig.Wire.Proxy.Of("ReceiveMessage"));
        Assert.Equal((2, 0), await _rig.Wire.CountsAsync());

        static async Task<ProxiedResponse?> Forward(
            ProxiedRequest request,
            Func<ProxiedRequest, Task<ProxiedResponse>> forward
        ) => await forward(request);
    }

    [Theory]
    [InlineData(0, 1)]
    [InlineData(11, 1)]
    [InlineData(1, 0)]
    [InlineData(1, 10_001)]
    public void Request_OutOfRange_IsRefused(int batchSize, int maxMessages) =>
        Assert.Throws<ArgumentOutOfRangeException>(() =>
            new DeadLetterRequest { BatchSize = batchSize, MaxMessages = maxMessages }
        );

    private static string Receipt(JsonObject entry) => (string)entry["ReceiptHandle"]!;

    private static HashSet<DeliveryKey> Keys(IEnumerable<DeadLetterMessage> hints) =>
        [.. hints.Select(hint => hint.Key)];
}
