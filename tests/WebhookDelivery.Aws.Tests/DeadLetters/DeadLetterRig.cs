using System.Security.Cryptography;
using System.Text;
using Amazon.DynamoDBv2;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using WebhookDelivery.Core;
using WebhookDelivery.Testing;

namespace WebhookDelivery.Aws.Tests;

/// <summary>
/// The engine as far as dead letters go, over emulators, with tenants whose endpoints nobody calls.
/// </summary>
internal sealed class DeadLetterRig : IAsyncDisposable
{
    private static readonly RandomIdSource Ids = new();
    private readonly MasterKeySecretProtector _protector = new(RandomNumberGenerator.GetBytes(32));
    private readonly ServiceProvider _services;

    private DeadLetterRig(DeadLetterWire wire)
    {
        Wire = wire;
        _services = NewProcess();
    }

    public static CancellationToken None => CancellationToken.None;

    public DeadLetterWire Wire { get; }

    public AwsEngineOptions Options => Wire.Options;

    public ManualTimeProvider Time => Wire.Time;

    public DateTimeOffset Now => Time.GetUtcNow();

    public RecordedLog Log { get; } = new();

    public IEventStore Events => _services.GetRequiredService<IEventStore>();

    public ITenantStore Tenants => _services.GetRequiredService<ITenantStore>();

    public IDeliveryQueue Queue => _services.GetRequiredService<IDeliveryQueue>();

    public static async Task<DeadLetterRig> CreateAsync() =>
        new(await DeadLetterWire.CreateAsync());

    /// <summary>The engine as another process has it; the caller's to dispose.</summary>
    /// <param name="dynamo">A client of the test's own; null for the usual one.</param>
    public ServiceProvider NewProcess(IAmazonDynamoDB? dynamo = null)
    {
        var services = new ServiceCollection();
        services.AddSingleton(dynamo ?? Wire.Tables.Dynamo);
        services.AddSingleton(Wire.Sqs);
        services.AddSingleton(Wire.Tables.S3);
        services.AddSingleton<TimeProvider>(Time);
        services.AddSingleton<ISecretProtector>(_protector);
        services.AddSingleton(Log);
        services.AddSingleton(typeof(ILogger<>), typeof(RecordedLog.Logger<>));
        services.AddAwsEngine(Options);
        services.AddSqsQueue();
        var directory = new TenantDirectoryOptions { CacheFor = TimeSpan.FromSeconds(10) };
        services.AddWebhookDelivery(new WebhookDeliveryOptions { Directory = directory });
        return services.BuildServiceProvider();
    }

    /// <summary>Runs a processor in a process of its own.</summary>
    public async Task<DeadLetterRun> RunAsync(
        DeadLetterRequest? request = null,
        CancellationToken cancellationToken = default
    )
    {
        await using var process = NewProcess();
        return await process
            .GetRequiredService<DeadLetterQueueProcessor>()
            .RunAsync(request ?? new DeadLetterRequest(), cancellationToken);
    }

    /// <summary>Sweeps as a process does that has just started.</summary>
    public async Task SweepAsync()
    {
        await using var process = NewProcess();
        await process.GetRequiredService<IDeadLetterSweep>().SweepAsync(Now, None);
    }

    /// <summary>Adds a tenant with an endpoint.</summary>
    public async Task<EndpointKey> AddEndpointAsync()
    {
        var id = TenantId.Parse($"t-{RandomNumberGenerator.GetHexString(16, lowercase: true)}");
        var endpoint = new Endpoint
        {
            Key = new EndpointKey(id, new EndpointId(Ids.NewId(Now))),
            Version = 1,
            Url = "https://receiver.example/hook",
            Secrets = [],
            CreatedAt = Now,
            UpdatedAt = Now,
        };
        var tenant = new Tenant
        {
            Id = id,
            Version = 1,
            Name = "A customer",
            DataKey = new TenantDataKey(id, await _protector.CreateDataKeyAsync(id, None)),
            CreatedAt = Now,
            UpdatedAt = Now,
        };
        var key = new ApiKey
        {
            Id = RandomNumberGenerator.GetHexString(16, lowercase: true),
            Role = ApiKeyRole.Tenant,
            TenantId = id,
            Hash = RandomNumberGenerator.GetBytes(32),
            Description = "for tests",
            CreatedAt = Now,
        };
        Assert.True(await Tenants.CreateAsync(tenant, key, endpoint, None));
        return endpoint.Key;
    }

    /// <summary>Adds an endpoint that the tenant is told at.</summary>
    public async Task<EndpointKey> AddOperationalAsync(TenantId tenant)
    {
        var data = (await Tenants.LoadAsync(tenant, None))!.Tenant.DataKey;
        var (endpoint, _) = await _services
            .GetRequiredService<EndpointAdministration>()
            .BuildAsync(
                data,
                new EndpointDraft { Url = "https://ops.example/", Operational = true },
                Now,
                None
            );
        Assert.True(await Tenants.SaveEndpointAsync(endpoint, None));
        return endpoint.Key;
    }

    /// <summary>Deletes an endpoint, and leaves its dead letters.</summary>
    public async Task DeleteEndpointAsync(EndpointKey key)
    {
        var snapshot = await Tenants.LoadAsync(key.TenantId, None);
        var endpoint = snapshot!.Endpoints.Single(each => each.Key == key);
        var deleted = endpoint with
        {
            Version = endpoint.Version + 1,
            DeletedAt = Now,
            UpdatedAt = Now,
        };
        Assert.True(await Tenants.SaveEndpointAsync(deleted, None));
    }

    /// <summary>An event towards an endpoint, PENDING, without a message.</summary>
    public async Task<DeliveryKey> AppendAsync(EndpointKey to)
    {
        var @event = new Event
        {
            TenantId = to.TenantId,
            Id = new Core.EventId(Ids.NewId(Now)),
            Type = "order.created",
            CreatedAt = Now,
            Payload = "{}"u8.ToArray(),
            RoutingRevision = 1,
        };
        await Events.AppendAsync(new EventAppend(@event, [to.EndpointId], null), None);
        return new DeliveryKey(to.TenantId, @event.Id, to.EndpointId);
    }

    /// <summary>Dead letters in the store, and a message of each unless it is lost.</summary>
    public async Task<List<DeliveryKey>> AddDeadLettersAsync(
        EndpointKey to,
        int count,
        bool lost = false
    )
    {
        var keys = new List<DeliveryKey>();
        for (var i = 0; i < count; i++)
        {
            var key = await AppendAsync(to);
            Assert.True(await KillAsync(key));
            keys.Add(key);
            if (!lost)
            {
                await HintAsync(key);
            }
        }

        return keys;
    }

    /// <summary>Ends a delivery's first generation with its first attempt.</summary>
    public ValueTask<bool> KillAsync(DeliveryKey key) =>
        RecordAsync(key, ReasonCode.HttpStatus, DeliveryStatus.DeadLetter);

    /// <summary>Records a first attempt and its transition.</summary>
    public ValueTask<bool> RecordAsync(
        DeliveryKey key,
        ReasonCode reason,
        DeliveryStatus status,
        int generation = 1
    ) =>
        Events.RecordAttemptAsync(
            new Attempt
            {
                Key = key,
                Generation = generation,
                Number = 1,
                StartedAt = Now,
                EndpointVersion = 1,
                Outcome = new AttemptOutcome { Reason = reason },
            },
            new DeliveryTransition(status, null),
            None
        );

    /// <summary>Puts the message of a dead letter on the queue.</summary>
    public async Task HintAsync(DeliveryKey key, int generation = 1) =>
        Assert.True(
            await _services
                .GetRequiredService<DeadLetterMessages>()
                .SendAsync(key, generation, ReasonCode.HttpStatus, None)
        );

    /// <summary>Puts a delivery's own message on the dead-letter queue, as SQS does with poison.</summary>
    public Task PoisonAsync(DeliveryKey key, int generation = 1, int attempt = 1)
    {
        var message = new DeliveryMessage
        {
            Due = new DueDelivery
            {
                Key = key,
                Generation = generation,
                Attempt = attempt,
                DueAt = Now,
                Payload = Encoding.UTF8.GetBytes("{\n}"),
            },
        };
        return Wire.SendAsync(DeliveryMessageCodec.Write(message, Options.MessageBytesMax).Body);
    }

    public async Task<Delivery> DeliveryAsync(DeliveryKey key)
    {
        var stored = await Events.FindAsync(key.TenantId, key.EventId, None);
        return Assert.Single(stored!.Deliveries);
    }

    public async Task<(DeliveryStatus Status, int Generation)> StateAsync(DeliveryKey key)
    {
        var delivery = await DeliveryAsync(key);
        return (delivery.Status, delivery.Generation);
    }

    /// <summary>What workers are given, until there are so many.</summary>
    public async Task<HashSet<DeliveryKey>> ReceiveAsync(int count)
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        var keys = new HashSet<DeliveryKey>();
        while (keys.Count < count)
        {
            var claims = await Queue.ReceiveAsync(10, patience.Token);
            keys.UnionWith(claims.Select(claim => claim.Due.Key));
        }

        return keys;
    }

    /// <summary>The dead letters that the queue tells of; nothing else may be on it.</summary>
    public async Task<List<DeadLetterMessage>> HintsAsync()
    {
        var queue = new DeadLetterQueue(Wire.Tables.Sqs, Options, Log.For<DeadLetterQueue>());
        var hints = new List<DeadLetterMessage>();
        while (await queue.ReceiveAsync(10, None) is { Count: > 0 } received)
        {
            foreach (var message in received)
            {
                Assert.True(DeadLetterMessage.TryParse(message.Body, out var hint));
                hints.Add(hint);
            }
        }

        return hints;
    }

    public async ValueTask DisposeAsync()
    {
        await _services.DisposeAsync();
        await Wire.DisposeAsync();
    }
}
