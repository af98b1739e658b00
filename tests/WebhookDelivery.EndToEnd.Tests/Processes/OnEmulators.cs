using WebhookDelivery.Testing;

namespace WebhookDelivery.EndToEnd.Tests;

/// <summary>What a server process is told to run on the AWS emulators.</summary>
internal static class OnEmulators
{
    /// <summary>Settings as <see cref="Served"/> takes them, for tables, queues and a bucket of their own.</summary>
    public static async Task<Dictionary<string, string>> SettingsAsync()
    {
        var emulators = await AwsEmulators.Shared;
        var prefix = $"process{Guid.NewGuid():N}";
        return new Dictionary<string, string>
        {
            ["Storage"] = "Aws",
            ["Secrets__MasterKey"] = Convert.ToBase64String(new byte[32]),
            ["Aws__TablePrefix"] = prefix,
            ["Aws__QueueUrl"] = emulators.QueueUrl($"{prefix}-due"),
            ["Aws__DeadLetterQueueUrl"] = emulators.QueueUrl($"{prefix}-dead"),
            ["Aws__PayloadBucket"] = $"{prefix}-payloads",
            ["Aws__CreateMissing"] = "true",
            ["AWS_ENDPOINT_URL_DYNAMODB"] = emulators.DynamoDbUrl,
            ["AWS_ENDPOINT_URL_SQS"] = emulators.SqsUrl,
            ["AWS_ENDPOINT_URL_S3"] = emulators.S3Url,
            ["AWS_REGION"] = "us-east-1",
            ["AWS_ACCESS_KEY_ID"] = "test",
            ["AWS_SECRET_ACCESS_KEY"] = "test",
        };
    }
}
