using System.Text;
using WebhookDelivery.Core;

namespace WebhookDelivery.Sqlite.Tests;

/// <summary>Where attempts are kept: the last one with its delivery, earlier and stale ones apart.</summary>
public sealed class LastAttemptTests : IAsyncDisposable
{
    private readonly EngineHarness _harness = new();

    public ValueTask DisposeAsync() => _harness.DisposeAsync();

    [Fact]
    public async Task RecordAttempt_TheFirst_TakesNoRowOfItsOwn()
    {
        var due = await _harness.AppendAsync(_harness.NewEndpointId());

        Assert.True(await RecordAsync(due, 1, 1, ReasonCode.Delivered));

        Assert.Equal([1], await NumbersAsync(due));
        Assert.Equal(0, await RowsAsync());
    }

    [Fact]
    public async Task RecordAttempt_ALaterOne_MovesTheEarlierOut()
    {
        var due = await _harness.AppendAsync(_harness.NewEndpointId());

        Assert.True(await RecordAsync(due, 1, 1, ReasonCode.HttpStatus));
        Assert.True(await RecordAsync(due, 1, 2, ReasonCode.Timeout));
        Assert.True(await RecordAsync(due, 1, 3, ReasonCode.Delivered));

        Assert.Equal([1, 2, 3], await NumbersAsync(due));
        var attempts = await _harness.Events.ListAttemptsAsync(
            _harness.Tenant,
            due.Key.EventId,
            EngineHarness.None
        );
        Assert.Equal(
            [ReasonCode.HttpStatus, ReasonCode.Timeout, ReasonCode.Delivered],
            attempts.Select(attempt => attempt.Outcome.Reason)
        );
        Assert.Equal(
            ["A: 1-1\n", "A: 1-2\n", "A: 1-3\n"],
            attempts.Select(attempt =>
                Encoding.ASCII.GetString(attempt.Outcome.ResponseHeaders.Lines.Span)
            )
        );
        Assert.Equal(2, await RowsAsync());
    }

    [Fact]
    public async Task RecordAttempt_AStaleOne_LeavesTheLastWhereItIs()
    {
        var due = await _harness.AppendAsync(_harness.NewEndpointId());
        Assert.True(await RecordAsync(due, 1, 1, ReasonCode.HttpStatus));

        Assert.False(await RecordAsync(due, 1, 1, ReasonCode.Delivered));
        Assert.False(await RecordAsync(due, 2, 1, ReasonCode.Delivered));

        Assert.Equal([1, 1, 1], await NumbersAsync(due));
        Assert.Equal(2, await RowsAsync());
    }

    private ValueTask<bool> RecordAsync(
        DueDelivery due,
        int generation,
        int number,
        ReasonCode reason
    ) =>
        _harness.Events.RecordAttemptAsync(
            new Attempt
            {
                Key = due.Key,
                Generation = generation,
                Number = number,
                StartedAt = _harness.Now,
                EndpointVersion = 1,
                Outcome = new AttemptOutcome
                {
                    Reason = reason,
                    Duration = TimeSpan.FromMilliseconds(3),
                    ResponseExcerpt = default,
                    ResponseHeaders = ResponseHeaders.OfLines(
                        Encoding.ASCII.GetBytes($"A: {generation}-{number}\n")
                    ),
                },
            },
            reason == ReasonCode.Delivered
                ? new DeliveryTransition(DeliveryStatus.Delivered, null)
                : new DeliveryTransition(DeliveryStatus.Failed, _harness.Now),
            EngineHarness.None
        );

    private async Task<IEnumerable<int>> NumbersAsync(DueDelivery due)
    {
        var attempts = await _harness.Events.ListAttemptsAsync(
            _harness.Tenant,
            due.Key.EventId,
            EngineHarness.None
        );
        return attempts.Select(attempt => attempt.Number);
    }

    /// <summary>Rows of their own, as the file has them; the engine is closed.</summary>
    private async Task<long> RowsAsync()
    {
        await _harness.CloseAsync();
        using var database = Database.Open(_harness.DatabasePath, true, TimeSpan.Zero);
        return database.ScalarInt64("SELECT COUNT(*) FROM attempts");
    }
}
