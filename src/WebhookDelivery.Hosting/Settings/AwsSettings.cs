using WebhookDelivery.Aws;
using WebhookDelivery.Core;

namespace WebhookDelivery.Hosting;

/// <summary>Reads section <c>Aws</c>. Region, endpoints and credentials are the SDK's own settings.</summary>
internal static class AwsSettings
{
    private const int TablePrefixMax = 200;

    /// <summary>Null unless <paramref name="storage"/> is AWS; what is set for nothing is no fault then.</summary>
    public static AwsEngineOptions? Read(
        SettingsReader reader,
        StorageEngine storage,
        Retention retention
    )
    {
        var prefix = reader.Text("Aws:TablePrefix") ?? "webhooks";
        var queueUrl = reader.Text("Aws:QueueUrl");
        var deadLetterQueueUrl = reader.Text("Aws:DeadLetterQueueUrl");
        var bucket = reader.Text("Aws:PayloadBucket");
        var options = new AwsEngineOptions
        {
            TablePrefix = prefix,
            QueueUrl = queueUrl ?? "",
            DeadLetterQueueUrl = deadLetterQueueUrl ?? "",
            PayloadBucket = bucket ?? "",
            CreateMissing = reader.Flag("Aws:CreateMissing", false),
            DelayMax = reader.Seconds(
                "Aws:DelayMaxSeconds",
                AwsEngineOptions.SqsDelayMax,
                0,
                AwsEngineOptions.SqsDelayMax.TotalSeconds
            ),
            VisibilityTimeout = reader.Seconds(
                "Aws:VisibilityTimeoutSeconds",
                TimeSpan.FromMinutes(2),
                1,
                TimeSpan.FromHours(12).TotalSeconds
            ),
            Retention = retention,
        };
        if (storage != StorageEngine.Aws)
        {
            return null;
        }

        if (prefix.Length > TablePrefixMax || !prefix.All(IsTableCharacter))
        {
            reader.Fault(
                "Aws:TablePrefix",
                $"must be at most {TablePrefixMax} letters, digits, dots, hyphens and underscores."
            );
        }

        CheckQueue(reader, "Aws:QueueUrl", queueUrl);
        CheckQueue(reader, "Aws:DeadLetterQueueUrl", deadLetterQueueUrl);
        if (bucket is null)
        {
            reader.Fault(
                "Aws:PayloadBucket",
                "is needed: the name of the bucket of large payloads."
            );
        }

        return options;
    }

    private static void CheckQueue(SettingsReader reader, string key, string? url)
    {
        if (
            url is null
            || !Uri.TryCreate(url, UriKind.Absolute, out var parsed)
            || parsed.Scheme is not ("http" or "https")
        )
        {
            reader.Fault(key, "is needed: the URL of the queue, as SQS shows it.");
        }
    }

    private static bool IsTableCharacter(char character) =>
        char.IsAsciiLetterOrDigit(character) || character is '.' or '-' or '_';
}
