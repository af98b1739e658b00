using WebhookDelivery.Core;

namespace WebhookDelivery.Sqlite.Tests;

/// <summary>Events that one batch of the writer stores in shared statements.</summary>
public sealed class AppendTogetherTests : IAsyncDisposable
{
    private readonly EngineHarness _harness = new();

    private static CancellationToken None => CancellationToken.None;

    public ValueTask DisposeAsync() => _harness.DisposeAsync();

    [Fact]
    public async Task Append_OfEveryShapeTogether_StoresEachAsItIs()
    {
        var endpoints = Enumerable.Range(0, 3).Select(_ => _harness.NewEndpointId()).ToArray();
        // 47 is 16 + 16 + 8 + 4 + 2 + 1 rows, and the shapes fall on the statements' rows unevenly.
        var appends = Enumerable.Range(0, 47).Select(i => Shaped(i, endpoints)).ToArray();
        var before = _harness.Engine.Commits;

        var results = await AppendTogetherAsync(appends);

        Assert.Equal(before + 2, _harness.Engine.Commits);
        foreach (var (append, result) in appends.Zip(results))
        {
            var appended = Assert.IsType<AppendResult.Appended>(result);
            Assert.NotEqual(0, appended.CommitNumber);
            var stored = await _harness.Events.FindAsync(_harness.Tenant, append.Event.Id, None);
            AssertSame(append.Event, stored!.Event);
            Assert.Equal(
                append.Endpoints.Order(),
                stored.Deliveries.Select(delivery => delivery.Key.EndpointId).Order()
            );
            Assert.All(
                stored.Deliveries,
                delivery =>
                    Assert.Equal(
                        append.Event.DeliverAt ?? append.Event.CreatedAt,
                        delivery.NextAttemptAt
                    )
            );
        }
    }

    [Fact]
    public async Task Append_RepeatedAmongNewOnes_IsStoredOnce()
    {
        var endpoint = _harness.NewEndpointId();
        var stored = _harness.NewAppend(endpoint);
        await _harness.Events.AppendAsync(stored, None);
        var fresh = _harness.NewAppend(endpoint);

        var results = await AppendTogetherAsync([
            _harness.NewAppend(endpoint),
            stored,
            fresh,
            fresh,
            _harness.NewAppend(endpoint),
        ]);

        Assert.Equal(
            [false, true, false, true, false],
            results.Select(result => ((AppendResult.Appended)result).CommitNumber == 0)
        );
        var page = await _harness.Events.ListAsync(
            new EventQuery { TenantId = _harness.Tenant, Limit = 100 },
            None
        );
        Assert.Equal(4, page.Events.Count);
        Assert.All(page.Events, each => Assert.Single(each.Deliveries));
    }

    [Fact]
    public async Task Append_UnderOneKeyTogether_MakesOneEvent()
    {
        var endpoint = _harness.NewEndpointId();
        var claim = new IdempotencyClaim("one", new byte[32], _harness.Now.AddHours(24));
        var appends = Enumerable
            .Range(0, 20)
            .Select(_ => _harness.NewAppend(endpoint) with { Idempotency = claim })
            .ToArray();

        var results = await AppendTogetherAsync(appends);

        var first = Assert.IsType<AppendResult.Appended>(results[0]).EventId;
        Assert.All(
            results[1..],
            result => Assert.Equal(first, Assert.IsType<AppendResult.Replayed>(result).EventId)
        );
        Assert.NotNull(await _harness.Events.FindAsync(_harness.Tenant, first, None));
        Assert.Null(await _harness.Events.FindAsync(_harness.Tenant, appends[1].Event.Id, None));
    }

    private EventAppend Shaped(int i, EndpointId[] endpoints)
    {
        var plain = _harness.NewAppend(endpoints[0]);
        return plain with
        {
            Event = plain.Event with
            {
                Type = i % 3 == 0 ? null : $"größe.{i}",
                DeliverAt = i % 5 == 0 ? _harness.Now.AddMinutes(i + 1) : null,
                OrderingKey = i % 7 == 0 ? $"key-{i}" : null,
                Sequence = i % 7 == 0 ? i : null,
                TraceParent = i % 2 == 0 ? $"00-{i:x32}-{i:x16}-01" : null,
                Payload = Bytes(i % 11 == 0 ? 70_000 + i : i * 37),
            },
            Endpoints = endpoints[..(i % 4)],
        };
    }

    private static byte[] Bytes(int count) =>
        [.. Enumerable.Range(0, count).Select(i => (byte)(i * 31 + count))];

    private async Task<AppendResult[]> AppendTogetherAsync(EventAppend[] appends)
    {
        Task<AppendResult>[] appending;
        using (await _harness.HoldWriterAsync())
        {
            appending =
            [
                .. appends.Select(append => _harness.Events.AppendAsync(append, None).AsTask()),
            ];
        }

        return await Task.WhenAll(appending);
    }

    private static void AssertSame(Event expected, Event actual)
    {
        Assert.Equal(expected.Payload.ToArray(), actual.Payload.ToArray());
        Assert.Equal(expected with { Payload = default }, actual with { Payload = default });
    }
}
