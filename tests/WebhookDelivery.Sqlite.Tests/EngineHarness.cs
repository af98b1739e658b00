using Microsoft.Extensions.Logging.Abstractions;
using WebhookDelivery.Core;
using WebhookDelivery.Testing;

namespace WebhookDelivery.Sqlite.Tests;

/// <summary>An engine that can be closed and opened again over the same files.</summary>
internal sealed class EngineHarness : IAsyncDisposable
{
    private static readonly RandomIdSource Ids = new();
    private readonly TemporaryDirectory _directory = new();
    private SqliteEngine? _engine;

    public EngineHarness(Func<SqliteEngineOptions, SqliteEngineOptions>? configure = null)
    {
        Options = new SqliteEngineOptions { DataDirectory = _directory.Path };
        Options = configure?.Invoke(Options) ?? Options;
        Open();
    }

    public static CancellationToken None => CancellationToken.None;

    public SqliteEngineOptions Options { get; set; }

    public ManualTimeProvider Time { get; } = new();

    public DateTimeOffset Now => Time.GetUtcNow();

    public SqliteEngine Engine => _engine!;

    public IEventStore Events => Engine.EventStore;

    public IDeliveryQueue Queue => Engine.DeliveryQueue;

    public TenantId Tenant { get; } = TenantId.Parse("acme");

    public string DatabasePath => Path.Combine(_directory.Path, "webhooks.db");

    public void Open() => _engine = SqliteEngine.Open(Options, Time, NullLoggerFactory.Instance);

    public async Task CloseAsync()
    {
        await Engine.DisposeAsync();
        _engine = null;
    }

    public EndpointId NewEndpointId() => new(Ids.NewId(Now));

    public EventAppend NewAppend(EndpointId endpoint, int payloadBytes = 100) =>
        new(
            new Event
            {
                TenantId = Tenant,
                Id = new EventId(Ids.NewId(Now)),
                Type = "order.created",
                CreatedAt = Now,
                Payload = new byte[payloadBytes],
                RoutingRevision = 1,
            },
            [endpoint],
            null
        );

    public async Task<DueDelivery> AppendAsync(EndpointId endpoint, int payloadBytes = 100)
    {
        var append = NewAppend(endpoint, payloadBytes);
        var appended = Assert.IsType<AppendResult.Appended>(await Events.AppendAsync(append, None));
        return Due(append) with { CommitNumber = appended.CommitNumber };
    }

    /// <summary>Appends many, as fast as it goes.</summary>
    public async Task<DueDelivery[]> AppendManyAsync(EndpointId endpoint, int count)
    {
        var dues = new List<DueDelivery>(count);
        foreach (var chunk in Enumerable.Range(0, count).Chunk(4000))
        {
            dues.AddRange(await Task.WhenAll(chunk.Select(_ => AppendAsync(endpoint))));
        }

        return [.. dues];
    }

    public ValueTask<bool> DeliverAsync(DueDelivery due) =>
        Events.RecordAttemptAsync(
            AttemptOf(due, ReasonCode.Delivered),
            new DeliveryTransition(DeliveryStatus.Delivered, null),
            None
        );

    public ValueTask<bool> FailAsync(DueDelivery due, DateTimeOffset next) =>
        Events.RecordAttemptAsync(
            AttemptOf(due, ReasonCode.Timeout),
            new DeliveryTransition(DeliveryStatus.Failed, next),
            None
        );

    public async Task<IReadOnlyList<ClaimedDelivery>> ReceiveAsync(int max)
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        return await Queue.ReceiveAsync(max, patience.Token);
    }

    /// <summary>True if there is nothing to receive now. With a clock that stands still, that is certain.</summary>
    public async Task<bool> IsQuietAsync()
    {
        using var cancelled = new CancellationTokenSource();
        var receiving = Queue.ReceiveAsync(1, cancelled.Token).AsTask();
        var quiet = !receiving.IsCompleted;
        await cancelled.CancelAsync();
        try
        {
            await receiving;
            return false;
        }
        catch (OperationCanceledException)
        {
            return quiet;
        }
    }

    /// <summary>Keeps the writer busy until the answer is disposed, so that what is asked shares a batch.</summary>
    public async Task<IDisposable> HoldWriterAsync()
    {
        var holding = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var held = new Hold();
        _ = Engine.Writer.ChangeAsync(
            0,
            (_, _) =>
            {
                holding.TrySetResult();
                held.Wait();
                return 0;
            },
            None
        );
        await holding.Task;
        return held;
    }

    public static DueDelivery Due(EventAppend append) =>
        new()
        {
            Key = new DeliveryKey(append.Event.TenantId, append.Event.Id, append.Endpoints[0]),
            Generation = 1,
            Attempt = 1,
            DueAt = append.Event.DeliverAt ?? append.Event.CreatedAt,
            EventType = append.Event.Type,
            Payload = append.Event.Payload,
        };

    public async ValueTask DisposeAsync()
    {
        if (_engine is not null)
        {
            await _engine.DisposeAsync();
        }

        _directory.Dispose();
    }

    private Attempt AttemptOf(DueDelivery due, ReasonCode reason) =>
        new()
        {
            Key = due.Key,
            Generation = due.Generation,
            Number = due.Attempt,
            StartedAt = Now,
            EndpointVersion = 1,
            Outcome = new AttemptOutcome { Reason = reason },
        };

    private sealed class Hold : IDisposable
    {
        private readonly ManualResetEventSlim _released = new();

        public void Wait() => _released.Wait();

        public void Dispose() => _released.Set();
    }
}
