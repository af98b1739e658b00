namespace WebhookDelivery.Cdk.Tests;

/// <summary>The queues keep what they hold, and nobody reads along.</summary>
public sealed class QueueTests
{
    [Theory]
    [InlineData("QueuesDeliveries", "webhooks-Deliveries")]
    [InlineData("QueuesDeadLetters", "webhooks-DeadLetters")]
    public void Queue_Usual_IsEncryptedAndKeepsMessagesForTwoWeeks(string id, string name)
    {
        var queue = StackTemplate.Usual.Properties("AWS::SQS::Queue", id);

        Assert.Equal(name, (string?)queue["QueueName"]);
        Assert.True((bool)queue["SqsManagedSseEnabled"]!);
        Assert.Equal(14 * 86_400, (double)queue["MessageRetentionPeriod"]!);
        Assert.Equal(360, (double)queue["VisibilityTimeout"]!);
        Assert.Null(queue["FifoQueue"]);
    }

    [Fact]
    public void Deliveries_FifthReceive_IsTheLastBeforeTheDeadLetters()
    {
        var redrive = StackTemplate.Usual.Properties("AWS::SQS::Queue", "QueuesDeliveries")[
            "RedrivePolicy"
        ]!;

        Assert.Equal(5, (double)redrive["maxReceiveCount"]!);
        Assert.Equal("QueuesDeadLetters", StackTemplate.Resolve(redrive["deadLetterTargetArn"]!));
    }

    [Theory]
    [InlineData("AWS::SQS::QueuePolicy", "QueuesDeliveriesPolicy", "sqs:*")]
    [InlineData("AWS::SQS::QueuePolicy", "QueuesDeadLettersPolicy", "sqs:*")]
    [InlineData("AWS::S3::BucketPolicy", "StoragePayloadsPolicy", "s3:*")]
    public void Policy_WithoutTls_Denies(string type, string id, string actions)
    {
        var statements = StackTemplate.Usual.Properties(type, id)["PolicyDocument"]!["Statement"]!;

        Assert.Contains(
            statements.AsArray(),
            each =>
                (string?)each!["Effect"] == "Deny"
                && (string?)each["Action"] == actions
                && (string?)each["Principal"]!["AWS"] == "*"
                && (string?)each["Condition"]!["Bool"]?["aws:SecureTransport"] == "false"
        );
    }
}
