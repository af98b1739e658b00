using Amazon.DynamoDBv2;
using Amazon.S3.Model;
using Amazon.SQS;
using Amazon.SQS.Model;

namespace WebhookDelivery.Aws.Tests;

public sealed class AwsProvisioningTests : IAsyncLifetime
{
    private static readonly CancellationToken None = CancellationToken.None;
    private AwsTables _tables = null!;

    public async ValueTask InitializeAsync() => _tables = await AwsTables.CreateAsync();

    public ValueTask DisposeAsync() => _tables.DisposeAsync();

    [Fact]
    public async Task CreateMissing_OfNothing_MakesTablesWithTheirIndexes()
    {
        var tenants = await _tables.Dynamo.DescribeTableAsync(_tables.Options.TenantsTable, None);
        var events = await _tables.Dynamo.DescribeTableAsync(_tables.Options.EventsTable, None);

        Assert.Equal(TableStatus.ACTIVE, tenants.Table.TableStatus);
        Assert.Equal(TableStatus.ACTIVE, events.Table.TableStatus);
        Assert.Equal(
            [TenantsTable.ListIndex],
            tenants.Table.GlobalSecondaryIndexes.Select(index => index.IndexName)
        );
        Assert.Equal(
            [EventsTable.DueIndex, EventsTable.StatusIndex],
            events.Table.GlobalSecondaryIndexes.Select(index => index.IndexName).Order()
        );
    }

    [Fact]
    public async Task CreateMissing_OfNothing_MakesQueuesOfWhichOneEndsInTheOther()
    {
        var dead = await AttributesAsync(_tables.Options.DeadLetterQueueUrl);
        var due = await AttributesAsync(_tables.Options.QueueUrl);

        Assert.Equal("1209600", due[QueueAttributeName.MessageRetentionPeriod]);
        Assert.Equal("1209600", dead[QueueAttributeName.MessageRetentionPeriod]);
        Assert.Equal("120", due[QueueAttributeName.VisibilityTimeout]);
        var redrive = due[QueueAttributeName.RedrivePolicy];
        Assert.Contains(dead[QueueAttributeName.QueueArn], redrive, StringComparison.Ordinal);
        Assert.Contains("\"maxReceiveCount\":5", redrive, StringComparison.Ordinal);
    }

    [Fact]
    public async Task CreateMissing_OfNothing_MakesTheBucket()
    {
        var bucket = _tables.Options.PayloadBucket;
        await _tables.S3.PutObjectAsync(
            new PutObjectRequest
            {
                BucketName = bucket,
                Key = "acme/one",
                ContentBody = "{}",
            },
            None
        );
        using var read = await _tables.S3.GetObjectAsync(bucket, "acme/one", None);
        Assert.Equal(2, read.ContentLength);
    }

    [Fact]
    public async Task CreateMissing_OfWhatIsThere_ChangesNothing()
    {
        var options = _tables.Options;
        var other = options with { VisibilityTimeout = TimeSpan.FromSeconds(7) };
        var provisioning = new AwsProvisioning(_tables.Dynamo, _tables.Sqs, _tables.S3);

        Assert.Equal(other, await provisioning.CreateMissingAsync(other, None));

        var due = await AttributesAsync(options.QueueUrl);
        Assert.Equal("120", due[QueueAttributeName.VisibilityTimeout]);
    }

    private async Task<Dictionary<string, string>> AttributesAsync(string queue)
    {
        var answer = await _tables.Sqs.GetQueueAttributesAsync(
            new GetQueueAttributesRequest
            {
                QueueUrl = queue,
                AttributeNames = [QueueAttributeName.All],
            },
            None
        );
        return answer.Attributes;
    }
}
