using Amazon.DynamoDBv2;
using Amazon.DynamoDBv2.Model;
using Microsoft.Extensions.Logging;

namespace WebhookDelivery.Aws;

/// <summary>Says whether the tables answer: without them nothing can be accepted. Thread-safe.</summary>
public sealed partial class AwsHealth(
    IAmazonDynamoDB dynamoDb,
    AwsEngineOptions options,
    ILogger<AwsHealth> logger
)
{
    /// <summary>
    /// Reads a key that is nobody's; false if the table refuses, with the reason in the log. SQS may be
    /// away meanwhile: what is accepted then is enqueued later.
    /// </summary>
    public async ValueTask<bool> CheckAsync(CancellationToken cancellationToken)
    {
        try
        {
            await AwsFaults.CallAsync(
                "DynamoDB",
                token =>
                    dynamoDb.GetItemAsync(
                        new GetItemRequest
                        {
                            TableName = options.EventsTable,
                            Key = new Dictionary<string, AttributeValue>
                            {
                                [EventsTable.TenantId] = new("#health"),
                                [EventsTable.EventId] = new("#health"),
                            },
                        },
                        token
                    ),
                cancellationToken
            );
            return true;
        }
        catch (Core.StoreUnavailableException exception)
        {
            LogUnhealthy(logger, exception.Message);
            return false;
        }
    }

    [LoggerMessage(1200, LogLevel.Warning, "Not ready: {reason}")]
    private static partial void LogUnhealthy(ILogger logger, string reason);
}
