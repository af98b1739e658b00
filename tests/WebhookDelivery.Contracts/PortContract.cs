using System.Security.Cryptography;
using System.Text;
using WebhookDelivery.Core;
using WebhookDelivery.Testing;

namespace WebhookDelivery.Contracts;

/// <summary>
/// What the suites share: an engine, a clock that stands still, and data. Engines may share tables
/// between tests, so every test works on tenants of its own.
/// </summary>
public abstract class PortContract : IAsyncLifetime
{
    private static readonly RandomIdSource Ids = new();
    private ContractEngine? _engine;

    protected static CancellationToken None => CancellationToken.None;

    protected ManualTimeProvider Time { get; } = new();

    protected DateTimeOffset Now => Time.GetUtcNow();

    protected IEventStore Events => _engine!.Events;

    protected ITenantStore Tenants => _engine!.Tenants;

    protected IRecoveryStore Recoveries => _engine!.Recoveries;

    protected IDeliveryQueue Queue => _engine!.Queue;

    protected IStatisticsStore Statistics => _engine!.Statistics;

    public async ValueTask InitializeAsync() => _engine = await CreateEngineAsync(Time);

    public async ValueTask DisposeAsync()
    {
        if (_engine is not null)
        {
            await _engine.DisposeAsync();
        }

        GC.SuppressFinalize(this);
    }

    /// <summary>Makes the engine; with the given clock, which is at a whole millisecond.</summary>
    protected abstract ValueTask<ContractEngine> CreateEngineAsync(ManualTimeProvider time);

    protected static TenantId NewTenantId() =>
        TenantId.Parse($"t-{RandomNumberGenerator.GetHexString(16, lowercase: true)}");

    protected EventId NewEventId() => new(Ids.NewId(Now));

    protected EndpointId NewEndpointId() => new(Ids.NewId(Now));

    protected async Task<TenantId> AddTenantAsync()
    {
        var tenant = NewTenant();
        Assert.True(await Tenants.CreateAsync(tenant, NewKey(tenant.Id), null, None));
        return tenant.Id;
    }

    protected Tenant NewTenant() => NewTenant(NewTenantId());

    protected Tenant NewTenant(TenantId id) =>
        new()
        {
            Id = id,
            Version = 1,
            Name = "A customer",
            DataKey = new TenantDataKey(id, RandomNumberGenerator.GetBytes(60)),
            CreatedAt = Now,
            UpdatedAt = Now,
        };

    protected ApiKey NewKey(TenantId? tenant) =>
        new()
        {
            Id = RandomNumberGenerator.GetHexString(16, lowercase: true),
            Role = tenant is null ? ApiKeyRole.Operator : ApiKeyRole.Tenant,
            TenantId = tenant,
            Hash = RandomNumberGenerator.GetBytes(32),
            Description = "for tests",
            CreatedAt = Now,
        };

    protected Endpoint NewEndpoint(TenantId tenant) =>
        new()
        {
            Key = new EndpointKey(tenant, NewEndpointId()),
            Version = 1,
            Url = "https://receiver.example/hook",
            Secrets =
            [
                new EndpointSecret(new SealedValue(1, RandomNumberGenerator.GetBytes(48)), null),
            ],
            CreatedAt = Now,
            UpdatedAt = Now,
        };

    protected Event NewEvent(TenantId tenant, string? type = "order.created", string body = "{}") =>
        new()
        {
            TenantId = tenant,
            Id = NewEventId(),
            Type = type,
            CreatedAt = Now,
            Payload = Encoding.UTF8.GetBytes(body),
            RoutingRevision = 3,
        };

    protected IdempotencyClaim NewClaim(string key = "key-1", string body = "{}") =>
        new(key, SHA256.HashData(Encoding.UTF8.GetBytes(body)), Now.AddHours(24));

    /// <summary>Stores an event towards the endpoints; the first delivery's key, and the event.</summary>
    protected async Task<Event> AppendAsync(TenantId tenant, params EndpointId[] endpoints) =>
        await AppendAsync(NewEvent(tenant), endpoints);

    protected async Task<Event> AppendAsync(Event @event, params EndpointId[] endpoints)
    {
        var result = await Events.AppendAsync(new EventAppend(@event, endpoints, null), None);
        Assert.IsType<AppendResult.Appended>(result);
        return @event;
    }

    /// <summary>Stores an event towards one new endpoint.</summary>
    protected async Task<DeliveryKey> AppendOneAsync(TenantId? tenant = null)
    {
        var @event = await AppendAsync(tenant ?? await AddTenantAsync(), NewEndpointId());
        var stored = await Events.FindAsync(@event.TenantId, @event.Id, None);
        return Assert.Single(stored!.Deliveries).Key;
    }

    protected Attempt NewAttempt(
        DeliveryKey key,
        int number = 1,
        int generation = 1,
        ReasonCode reason = ReasonCode.HttpStatus,
        int? statusCode = 500
    ) =>
        new()
        {
            Key = key,
            Generation = generation,
            Number = number,
            StartedAt = Now,
            EndpointVersion = 2,
            Outcome = new AttemptOutcome { Reason = reason, StatusCode = statusCode },
        };

    protected ValueTask<bool> DeliverAsync(DeliveryKey key, int number = 1, int generation = 1) =>
        Events.RecordAttemptAsync(
            NewAttempt(key, number, generation, ReasonCode.Delivered, 200),
            new DeliveryTransition(DeliveryStatus.Delivered, null),
            None
        );

    protected ValueTask<bool> FailAsync(
        DeliveryKey key,
        DateTimeOffset next,
        int number = 1,
        int generation = 1
    ) =>
        Events.RecordAttemptAsync(
            NewAttempt(key, number, generation),
            new DeliveryTransition(DeliveryStatus.Failed, next),
            None
        );

    protected ValueTask<bool> KillAsync(DeliveryKey key, int number = 1, int generation = 1) =>
        Events.RecordAttemptAsync(
            NewAttempt(key, number, generation),
            new DeliveryTransition(DeliveryStatus.DeadLetter, null),
            None
        );

    protected ValueTask<bool> ParkAsync(DeliveryKey key, int generation = 1, int attempts = 0) =>
        Events.SetAsideAsync(
            key,
            new DeliveryFence(generation, attempts),
            DeliveryStatus.Parked,
            ReasonCode.EndpointDisabled,
            Now,
            None
        );

    protected async Task<Delivery> DeliveryAsync(DeliveryKey key)
    {
        var stored = await Events.FindAsync(key.TenantId, key.EventId, None);
        return Assert.Single(
            stored!.Deliveries,
            delivery => delivery.Key.EndpointId == key.EndpointId
        );
    }

    protected DueDelivery NewDue(DeliveryKey key, int generation = 1, int attempt = 1) =>
        new()
        {
            Key = key,
            Generation = generation,
            Attempt = attempt,
            DueAt = Now,
            EventType = "order.created",
            Payload = "{}"u8.ToArray(),
        };
}
