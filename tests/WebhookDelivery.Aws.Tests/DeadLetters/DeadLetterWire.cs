using Amazon.SQS;
using Amazon.SQS.Model;
using WebhookDelivery.Core;
using WebhookDelivery.Testing;

namespace WebhookDelivery.Aws.Tests;

/// <summary>
/// A dead-letter queue that can fail: the client goes through a <see cref="FaultProxy"/>. What the
/// test itself sends and counts goes past it.
/// </summary>
internal sealed class DeadLetterWire : IAsyncDisposable
{
    private static readonly RandomIdSource Ids = new();

    private DeadLetterWire(AwsTables tables, FaultProxy proxy)
    {
        (Tables, Proxy) = (tables, proxy);
        Sqs = new AmazonSQSClient(
            AwsTables.Credentials,
            new AmazonSQSConfig
            {
                ServiceURL = proxy.Url,
                AuthenticationRegion = "us-east-1",
                MaxErrorRetry = 0,
            }
        );
    }

    public AwsTables Tables { get; }

    public FaultProxy Proxy { get; }

    public AwsEngineOptions Options => Tables.Options;

    public IAmazonSQS Sqs { get; }

    public ManualTimeProvider Time { get; } = new();

    public static async Task<DeadLetterWire> CreateAsync()
    {
        var emulators = await AwsEmulators.Shared;
        return new DeadLetterWire(
            await AwsTables.CreateAsync(),
            await FaultProxy.StartAsync(emulators.SqsUrl)
        );
    }

    public DeliveryKey NewKey(string tenant = "acme") =>
        new(
            TenantId.Parse(tenant),
            new EventId(Ids.NewId(Time.GetUtcNow())),
            new EndpointId(Ids.NewId(Time.GetUtcNow()))
        );

    /// <summary>Puts a message on the dead-letter queue.</summary>
    public Task SendAsync(string body) =>
        Tables.Sqs.SendMessageAsync(
            new SendMessageRequest { QueueUrl = Options.DeadLetterQueueUrl, MessageBody = body }
        );

    /// <summary>How many messages the dead-letter queue has, hidden ones included.</summary>
    public async Task<int> CountAsync()
    {
        var (visible, hidden) = await CountsAsync();
        return visible + hidden;
    }

    /// <summary>How many can be received now, and how many somebody holds.</summary>
    public async Task<(int Visible, int Hidden)> CountsAsync()
    {
        var answer = await Tables.Sqs.GetQueueAttributesAsync(
            new GetQueueAttributesRequest
            {
                QueueUrl = Options.DeadLetterQueueUrl,
                AttributeNames = ["All"],
            }
        );
        return (
            int.Parse(answer.Attributes[QueueAttributeName.ApproximateNumberOfMessages]),
            int.Parse(answer.Attributes[QueueAttributeName.ApproximateNumberOfMessagesNotVisible])
        );
    }

    public async ValueTask DisposeAsync()
    {
        Sqs.Dispose();
        await Proxy.DisposeAsync();
        await Tables.DisposeAsync();
    }
}
