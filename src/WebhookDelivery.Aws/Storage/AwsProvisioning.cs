using System.Text.Json.Nodes;
using Amazon.DynamoDBv2;
using Amazon.DynamoDBv2.Model;
using Amazon.S3;
using Amazon.S3.Model;
using Amazon.SQS;
using Amazon.SQS.Model;

namespace WebhookDelivery.Aws;

/// <summary>
/// Makes the tables, queues and bucket that are missing: for emulators and tests. A deployment
/// makes its own. What exists is left as it is, also where it differs.
/// </summary>
internal sealed class AwsProvisioning(IAmazonDynamoDB dynamo, IAmazonSQS sqs, IAmazonS3 s3)
{
    /// <summary>Receipts after which SQS takes a message for poison.</summary>
    private const int ReceivesMax = 5;

    /// <summary>The longest retention that SQS has.</summary>
    private const int RetentionSeconds = 14 * 24 * 60 * 60;

    private static readonly TimeSpan PollEvery = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan TableWaitMax = TimeSpan.FromMinutes(2);

    /// <summary>
    /// Makes what is missing of that which the options name, and waits until the tables can be used.
    /// Idempotent. Of the queues' URLs only the last segment, the name, is looked at.
    /// </summary>
    /// <returns>The options with the queues' URLs as SQS knows them.</returns>
    /// <exception cref="Core.StoreUnavailableException">AWS refused, or a table is not ready in 2 minutes.</exception>
    public async Task<AwsEngineOptions> CreateMissingAsync(
        AwsEngineOptions options,
        CancellationToken cancellationToken
    )
    {
        var tables = Task.WhenAll(
            CreateTableAsync(TableDefinitions.Tenants(options), cancellationToken),
            CreateEventsTableAsync(options, cancellationToken)
        );
        var queues = CreateQueuesAsync(options, cancellationToken);
        await Task.WhenAll(
            tables,
            queues,
            CreateBucketAsync(options.PayloadBucket, cancellationToken)
        );
        return await queues;
    }

    private async Task CreateEventsTableAsync(
        AwsEngineOptions options,
        CancellationToken cancellationToken
    )
    {
        await CreateTableAsync(TableDefinitions.Events(options), cancellationToken);
        var request = new UpdateTimeToLiveRequest
        {
            TableName = options.EventsTable,
            TimeToLiveSpecification = new TimeToLiveSpecification
            {
                AttributeName = EventsTable.Ttl,
                Enabled = true,
            },
        };
        try
        {
            await dynamo.UpdateTimeToLiveAsync(request, cancellationToken);
        }
        catch (AmazonDynamoDBException)
        {
            // Dynalite does not know the call, and DynamoDB refuses it where it is enabled. Nothing
            // depends on it but the bill: reads judge expiry themselves.
        }
    }

    private async Task CreateTableAsync(
        CreateTableRequest request,
        CancellationToken cancellationToken
    )
    {
        await AwsFaults.CallAsync(
            "DynamoDB",
            async token =>
            {
                try
                {
                    await dynamo.CreateTableAsync(request, token);
                    return true;
                }
                catch (ResourceInUseException)
                {
                    return false;
                }
            },
            cancellationToken
        );
        await AwsFaults.CallAsync(
            "DynamoDB",
            token => WaitUntilActiveAsync(request.TableName, token),
            cancellationToken
        );
    }

    private async Task<bool> WaitUntilActiveAsync(string table, CancellationToken cancellationToken)
    {
        for (var waited = TimeSpan.Zero; waited < TableWaitMax; waited += PollEvery)
        {
            var answer = await dynamo.DescribeTableAsync(table, cancellationToken);
            if (IsActive(answer.Table))
            {
                return true;
            }

            await Task.Delay(PollEvery, cancellationToken);
        }

        throw new TimeoutException($"The table {table} did not become active.");
    }

    private static bool IsActive(TableDescription table) =>
        table.TableStatus == TableStatus.ACTIVE
        && (table.GlobalSecondaryIndexes ?? []).All(index =>
            index.IndexStatus == IndexStatus.ACTIVE
        );

    private async Task<AwsEngineOptions> CreateQueuesAsync(
        AwsEngineOptions options,
        CancellationToken cancellationToken
    )
    {
        var deadLetters = await FindOrCreateQueueAsync(
            options.DeadLetterQueueUrl,
            new() { [QueueAttributeName.MessageRetentionPeriod] = $"{RetentionSeconds}" },
            cancellationToken
        );
        var attributes = await AwsFaults.CallAsync(
            "SQS",
            token =>
                sqs.GetQueueAttributesAsync(
                    new GetQueueAttributesRequest
                    {
                        QueueUrl = deadLetters,
                        AttributeNames = [QueueAttributeName.QueueArn],
                    },
                    token
                ),
            cancellationToken
        );
        var redrive = new JsonObject
        {
            ["deadLetterTargetArn"] = attributes.Attributes[QueueAttributeName.QueueArn],
            ["maxReceiveCount"] = ReceivesMax,
        };
        var queue = await FindOrCreateQueueAsync(
            options.QueueUrl,
            new()
            {
                [QueueAttributeName.MessageRetentionPeriod] = $"{RetentionSeconds}",
                [QueueAttributeName.VisibilityTimeout] =
                    $"{(int)Math.Ceiling(options.VisibilityTimeout.TotalSeconds)}",
                [QueueAttributeName.RedrivePolicy] = redrive.ToJsonString(),
            },
            cancellationToken
        );
        return options with { QueueUrl = queue, DeadLetterQueueUrl = deadLetters };
    }

    private Task<string> FindOrCreateQueueAsync(
        string url,
        Dictionary<string, string> attributes,
        CancellationToken cancellationToken
    )
    {
        var name = url[(url.LastIndexOf('/') + 1)..];
        return AwsFaults.CallAsync(
            "SQS",
            async token =>
            {
                try
                {
                    var found = await sqs.GetQueueUrlAsync(
                        new GetQueueUrlRequest { QueueName = name },
                        token
                    );
                    return found.QueueUrl;
                }
                catch (QueueDoesNotExistException)
                {
                    var created = await sqs.CreateQueueAsync(
                        new CreateQueueRequest { QueueName = name, Attributes = attributes },
                        token
                    );
                    return created.QueueUrl;
                }
            },
            cancellationToken
        );
    }

    private Task<bool> CreateBucketAsync(string name, CancellationToken cancellationToken) =>
        AwsFaults.CallAsync(
            "S3",
            async token =>
            {
                try
                {
                    await s3.PutBucketAsync(
                        new PutBucketRequest { BucketName = name, UseClientRegion = true },
                        token
                    );
                    return true;
                }
                catch (AmazonS3Exception exception)
                    when (exception.ErrorCode is "BucketAlreadyOwnedByYou")
                {
                    return false;
                }
            },
            cancellationToken
        );
}
