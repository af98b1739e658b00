using System.Text;
using Amazon.DynamoDBv2;
using Amazon.DynamoDBv2.Model;
using Amazon.Runtime;
using Amazon.S3;
using Amazon.S3.Model;
using Amazon.SQS;
using Amazon.SQS.Model;
using WebhookDelivery.Testing;

namespace WebhookDelivery.EndToEnd.Tests;

/// <summary>What servers keep in tables, queues and bucket, looked at and added to past them.</summary>
public sealed class AwsInside(AwsEmulators emulators, string prefix) : IDisposable
{
    private const string Region = "us-east-1";
    private static readonly AWSCredentials s_credentials = new BasicAWSCredentials("test", "test");

    private readonly AmazonDynamoDBClient _dynamoDb = new(
        s_credentials,
        new AmazonDynamoDBConfig
        {
            ServiceURL = emulators.DynamoDbUrl,
            AuthenticationRegion = Region,
        }
    );
    private readonly AmazonSQSClient _sqs = new(
        s_credentials,
        new AmazonSQSConfig { ServiceURL = emulators.SqsUrl, AuthenticationRegion = Region }
    );
    private readonly AmazonS3Client _s3 = new(
        s_credentials,
        new AmazonS3Config
        {
            ServiceURL = emulators.S3Url,
            AuthenticationRegion = Region,
            ForcePathStyle = true,
        }
    );

    /// <summary>The queue of due deliveries.</summary>
    public string DueQueue { get; } = emulators.QueueUrl($"{prefix}-due");

    /// <summary>The queue of dead letters.</summary>
    public string DeadQueue { get; } = emulators.QueueUrl($"{prefix}-dead");

    /// <summary>Puts a message on a queue.</summary>
    public Task SendAsync(string queue, string body) => _sqs.SendMessageAsync(queue, body);

    /// <summary>How many messages of a queue wait, and how many somebody holds.</summary>
    public async Task<(int Waiting, int Held)> CountAsync(string queue)
    {
        var answer = await _sqs.GetQueueAttributesAsync(queue, ["All"]);
        return (answer.ApproximateNumberOfMessages, answer.ApproximateNumberOfMessagesNotVisible);
    }

    /// <summary>Receives some of a queue's messages and leaves them there.</summary>
    public async Task<IReadOnlyList<string>> PeekAsync(string queue)
    {
        var answer = await _sqs.ReceiveMessageAsync(
            new ReceiveMessageRequest
            {
                QueueUrl = queue,
                MaxNumberOfMessages = 10,
                VisibilityTimeout = 0,
            }
        );
        return [.. (answer.Messages ?? []).Select(message => message.Body)];
    }

    /// <summary>Every value of every item of both tables, one after another.</summary>
    public Task<byte[]> ReadTablesAsync() =>
        ReadAsync([$"{prefix}-Tenants", $"{prefix}-Events"], _ => true);

    /// <summary>Every value that items of events have under these names, one after another.</summary>
    public Task<byte[]> ReadAttributesAsync(params string[] names) =>
        ReadAsync([$"{prefix}-Events"], names.Contains);

    private async Task<byte[]> ReadAsync(string[] tables, Func<string, bool> isWanted)
    {
        using var bytes = new MemoryStream();
        foreach (var table in tables)
        {
            var request = new ScanRequest { TableName = table };
            do
            {
                var page = await _dynamoDb.ScanAsync(request);
                foreach (
                    var (_, value) in page
                        .Items.SelectMany(item => item)
                        .Where(each => isWanted(each.Key))
                )
                {
                    await WriteAsync(bytes, value);
                }

                request.ExclusiveStartKey = page.LastEvaluatedKey;
            } while (request.ExclusiveStartKey is { Count: > 0 });
        }

        return bytes.ToArray();
    }

    /// <summary>Every object of the bucket, one after another.</summary>
    public async Task<byte[]> ReadBucketAsync()
    {
        using var bytes = new MemoryStream();
        var bucket = $"{prefix}-payloads";
        var list = await _s3.ListObjectsV2Async(new ListObjectsV2Request { BucketName = bucket });
        foreach (var listed in list.S3Objects ?? [])
        {
            using var found = await _s3.GetObjectAsync(bucket, listed.Key);
            await found.ResponseStream.CopyToAsync(bytes);
        }

        return bytes.ToArray();
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _dynamoDb.Dispose();
        _sqs.Dispose();
        _s3.Dispose();
    }

    private static async Task WriteAsync(MemoryStream bytes, AttributeValue value)
    {
        bytes.Write(Encoding.UTF8.GetBytes($"\n{value.S}{value.N}"));
        if (value.B is not null)
        {
            await value.B.CopyToAsync(bytes);
        }

        foreach (var inner in (value.L ?? []).Concat((value.M ?? []).Values))
        {
            await WriteAsync(bytes, inner);
        }

        foreach (var inner in value.SS ?? [])
        {
            bytes.Write(Encoding.UTF8.GetBytes(inner));
        }
    }
}
