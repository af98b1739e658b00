using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using Amazon.DynamoDBv2;
using Amazon.DynamoDBv2.Model;
using Amazon.SQS;
using Amazon.SQS.Model;
using Microsoft.Extensions.Logging.Abstractions;
using WebhookDelivery.Core;
using WebhookDelivery.Testing;

namespace WebhookDelivery.Aws.Tests;

/// <summary>
/// A queue whose ways to SQS and DynamoDB can fail and are watched, beside an event store whose ways
/// cannot. The clock stands still; what SQS keeps hidden comes in real time.
/// </summary>
internal sealed class QueueRig : IAsyncDisposable
{
    private static readonly RandomIdSource s_ids = new();
    private readonly AwsTables _tables;
    private readonly IAmazonDynamoDB _dynamo;
    private readonly IAmazonSQS _sqs;
    private readonly List<QueueParts> _processes = [];

    private QueueRig(AwsTables tables, FaultProxy sqs, FaultProxy dynamo, AwsEngineOptions options)
    {
        (_tables, Sqs, Dynamo, Options) = (tables, sqs, dynamo, options);
        _dynamo = tables.CreateDynamo(config =>
        {
            config.ServiceURL = dynamo.Url;
            config.MaxErrorRetry = 0;
        });
        _sqs = new AmazonSQSClient(
            AwsTables.Credentials,
            new AmazonSQSConfig
            {
                ServiceURL = sqs.Url,
                AuthenticationRegion = "us-east-1",
                MaxErrorRetry = 0,
            }
        );
        Events = new DynamoEventStore(
            tables.Dynamo,
            tables.S3,
            new EventShards(tables.Dynamo, options, Time),
            Time,
            options,
            NullLogger<DynamoEventStore>.Instance
        );
        Process = NewProcess();
    }

    public static CancellationToken None => CancellationToken.None;

    public FaultProxy Sqs { get; }

    public FaultProxy Dynamo { get; }

    public AwsEngineOptions Options { get; }

    public ManualTimeProvider Time { get; } = new();

    public DateTimeOffset Now => Time.GetUtcNow();

    public RecordedLog Log { get; } = new();

    public IEventStore Events { get; }

    /// <summary>The first process.</summary>
    public QueueParts Process { get; }

    public IDeliveryQueue Queue => Process.Queue;

    public TenantId Tenant { get; } =
        TenantId.Parse($"t-{RandomNumberGenerator.GetHexString(16, lowercase: true)}");

    /// <summary>Every message that a send asked for, oldest first, whatever came of it.</summary>
    public IReadOnlyList<SentMessage> Sent =>
        [
            .. Sqs
                .Requests.Where(request => request.Operation is "SendMessage" or "SendMessageBatch")
                .SelectMany(request => Read(request.Json())),
        ];

    /// <summary>Makes one, with waits as in production unless told otherwise.</summary>
    public static async Task<QueueRig> CreateAsync(
        Func<AwsEngineOptions, AwsEngineOptions>? configure = null
    )
    {
        var emulators = await AwsEmulators.Shared;
        var tables = await AwsTables.CreateAsync();
        var options = tables.Options with { DelayMax = AwsEngineOptions.SqsDelayMax };
        return new QueueRig(
            tables,
            await FaultProxy.StartAsync(emulators.SqsUrl),
            await FaultProxy.StartAsync(emulators.DynamoDbUrl),
            configure is null ? options : configure(options)
        );
    }

    /// <summary>A further process on the same tables and queues.</summary>
    public QueueParts NewProcess(IDeadLetterSweep? deadLetters = null)
    {
        var process = new QueueParts(_dynamo, _sqs, Options, Time, Log, deadLetters);
        _processes.Add(process);
        return process;
    }

    /// <summary>Stores an event towards so many endpoints, and says what is to be enqueued of it.</summary>
    public async Task<List<DueDelivery>> AppendAsync(
        int endpoints = 1,
        string payload = "{}",
        DateTimeOffset? deliverAt = null
    )
    {
        var @event = new Event
        {
            TenantId = Tenant,
            Id = new Core.EventId(s_ids.NewId(Now)),
            Type = "order.created",
            CreatedAt = Now,
            Payload = Encoding.UTF8.GetBytes(payload),
            RoutingRevision = 1,
            DeliverAt = deliverAt,
            TraceParent = "00-aa-bb-01",
        };
        var to = Enumerable
            .Range(0, endpoints)
            .Select(_ => new EndpointId(s_ids.NewId(Now)))
            .ToList();
        await Events.AppendAsync(new EventAppend(@event, to, null), None);
        return
        [
            .. to.Select(endpoint => new DueDelivery
            {
                Key = new DeliveryKey(Tenant, @event.Id, endpoint),
                Generation = 1,
                Attempt = 1,
                DueAt = deliverAt ?? Now,
                EventType = @event.Type,
                Payload = @event.Payload,
                TraceParent = @event.TraceParent,
            }),
        ];
    }

    /// <summary>An event with one delivery, which is enqueued and claimed.</summary>
    public async Task<ClaimedDelivery> ClaimAsync()
    {
        await Queue.EnqueueAsync(await AppendAsync(), None);
        return await ReceiveOneAsync();
    }

    public async Task<ClaimedDelivery> ReceiveOneAsync(QueueParts? process = null)
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        return Assert.Single(await (process ?? Process).Queue.ReceiveAsync(1, patience.Token));
    }

    /// <summary>What comes until nothing has come for a while.</summary>
    public async Task<List<ClaimedDelivery>> ReceiveAllAsync(
        QueueParts? process = null,
        int quietMs = 400
    )
    {
        var claims = new List<ClaimedDelivery>();
        while (true)
        {
            using var quiet = new CancellationTokenSource(quietMs);
            try
            {
                claims.AddRange(await (process ?? Process).Queue.ReceiveAsync(100, quiet.Token));
            }
            catch (OperationCanceledException)
            {
                return claims;
            }
        }
    }

    /// <summary>Records that an attempt failed; returns what is to be enqueued of it.</summary>
    public async Task<DueDelivery> FailAsync(DueDelivery due, TimeSpan wait)
    {
        var next = Now + wait;
        Assert.True(await RecordAsync(due, DeliveryStatus.Failed, next));
        return due with { Attempt = due.Attempt + 1, DueAt = next };
    }

    public async Task<bool> RecordAsync(
        DueDelivery due,
        DeliveryStatus status = DeliveryStatus.Delivered,
        DateTimeOffset? next = null
    ) =>
        await Events.RecordAttemptAsync(
            new Attempt
            {
                Key = due.Key,
                Generation = due.Generation,
                Number = due.Attempt,
                StartedAt = Now,
                EndpointVersion = 1,
                Outcome = new AttemptOutcome
                {
                    Reason = next is null ? ReasonCode.Delivered : ReasonCode.HttpStatus,
                },
            },
            new DeliveryTransition(status, next),
            None
        );

    /// <summary>An item as it is; null if there is none.</summary>
    public async Task<Dictionary<string, AttributeValue>?> ItemAsync(string sortKey)
    {
        var answer = await _tables.Dynamo.GetItemAsync(
            new GetItemRequest
            {
                TableName = Options.EventsTable,
                Key = ItemKeys.Of(Tenant.Value, sortKey),
                ConsistentRead = true,
            }
        );
        return DynamoItem.IsFound(answer.Item) ? answer.Item : null;
    }

    public Task<Dictionary<string, AttributeValue>?> DeliveryItemAsync(DueDelivery due) =>
        ItemAsync(EventsTable.SortKey(due.Key));

    public Task<Dictionary<string, AttributeValue>?> EventItemAsync(DueDelivery due) =>
        ItemAsync(due.Key.EventId.ToString());

    /// <summary>When the sweeper acts on an item; null if it never does.</summary>
    public static DateTimeOffset? DueAt(Dictionary<string, AttributeValue>? item) =>
        item?.TimeOrNull(EventsTable.DueAt);

    public Task DeleteItemAsync(string sortKey) =>
        _tables.Dynamo.DeleteItemAsync(Options.EventsTable, ItemKeys.Of(Tenant.Value, sortKey));

    /// <summary>Gives a delivery a status that does not exist.</summary>
    public Task SpoilAsync(DueDelivery due) =>
        _tables.Dynamo.UpdateItemAsync(
            new ItemUpdate()
                .Set(EventsTable.DeliveryField.Status, "SPOILT".ToAttribute())
                .ToRequest(
                    Options.EventsTable,
                    ItemKeys.Of(Tenant.Value, EventsTable.SortKey(due.Key))
                )
        );

    /// <summary>Puts a message on the queue, past all that watches.</summary>
    public Task SendRawAsync(string body) =>
        _tables.Sqs.SendMessageAsync(
            new SendMessageRequest { QueueUrl = Options.QueueUrl, MessageBody = body }
        );

    public Task SendRawAsync(DeliveryMessage message) =>
        SendRawAsync(DeliveryMessageCodec.Write(message, Options.MessageBytesMax).Body);

    /// <summary>How many messages can be received now, are held by somebody, are delayed.</summary>
    public Task<(int Visible, int Held, int Delayed)> CountAsync() => CountAsync(Options.QueueUrl);

    public async Task<(int Visible, int Held, int Delayed)> CountAsync(string queueUrl)
    {
        var answer = await _tables.Sqs.GetQueueAttributesAsync(
            new GetQueueAttributesRequest { QueueUrl = queueUrl, AttributeNames = ["All"] }
        );
        var attributes = answer.Attributes;
        return (
            int.Parse(attributes[QueueAttributeName.ApproximateNumberOfMessages]),
            int.Parse(attributes[QueueAttributeName.ApproximateNumberOfMessagesNotVisible]),
            int.Parse(attributes[QueueAttributeName.ApproximateNumberOfMessagesDelayed])
        );
    }

    /// <summary>Waits until the queue holds nothing at all.</summary>
    public Task EmptyAsync() =>
        Until.HoldsAsync(
            async () => await CountAsync() == (0, 0, 0),
            TimeSpan.FromSeconds(10),
            () => "the queue is empty"
        );

    public async ValueTask DisposeAsync()
    {
        foreach (var process in _processes)
        {
            await process.DisposeAsync();
        }

        _dynamo.Dispose();
        _sqs.Dispose();
        await Sqs.DisposeAsync();
        await Dynamo.DisposeAsync();
        await _tables.DisposeAsync();
    }

    private static IEnumerable<SentMessage> Read(JsonObject request)
    {
        var entries = request["Entries"]?.AsArray().Select(entry => entry!.AsObject()).ToList();
        foreach (var entry in entries ?? [request])
        {
            var body = entry["MessageBody"]!.GetValue<string>();
            Assert.True(DeliveryMessageCodec.TryRead(body, out var message, out _));
            yield return new SentMessage(
                message,
                entry["DelaySeconds"]?.GetValue<int>(),
                entry["MessageGroupId"]?.GetValue<string>(),
                entries?.Count ?? 1
            );
        }
    }
}
