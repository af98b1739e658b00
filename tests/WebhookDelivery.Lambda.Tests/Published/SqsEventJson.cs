using System.Globalization;
using System.Text.Json;

namespace WebhookDelivery.Lambda.Tests;

/// <summary>
/// Events of an SQS queue, as https://docs.aws.amazon.com/lambda/latest/dg/with-sqs.html shows them.
/// </summary>
internal static class SqsEventJson
{
    /// <summary>A batch of messages that are received for the first time.</summary>
    public static string Of(params IReadOnlyList<(string Id, string Body)> messages) =>
        Of(receiveCount: 1, messages);

    /// <summary>A batch of messages.</summary>
    /// <param name="receiveCount">How often each was received, this time included.</param>
    /// <param name="messages">Message ids and bodies.</param>
    public static string Of(
        int receiveCount,
        params IReadOnlyList<(string Id, string Body)> messages
    ) =>
        JsonSerializer.Serialize(
            new
            {
                Records = messages.Select(message => new
                {
                    messageId = message.Id,
                    receiptHandle = "AQEB",
                    body = message.Body,
                    attributes = new
                    {
                        ApproximateReceiveCount = receiveCount.ToString(
                            CultureInfo.InvariantCulture
                        ),
                        SentTimestamp = "1545082649183",
                    },
                    messageAttributes = new { },
                    md5OfBody = "e4e68fb7bd0e697a0ae8f1bb342846b3",
                    eventSource = "aws:sqs",
                    eventSourceARN = "arn:aws:sqs:us-east-1:123456789012:webhooks",
                    awsRegion = "us-east-1",
                }),
            }
        );
}
