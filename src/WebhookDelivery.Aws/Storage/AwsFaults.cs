using System.Net.Sockets;
using Amazon.DynamoDBv2.Model;
using Amazon.Runtime;
using WebhookDelivery.Core;

namespace WebhookDelivery.Aws;

/// <summary>Tells what AWS refuses for now from what is our fault, and says the former in Core's words.</summary>
internal static class AwsFaults
{
    /// <summary>Makes a call; what AWS refuses becomes a <see cref="StoreUnavailableException"/>.</summary>
    /// <param name="what">What is called, for the operator's log, such as `DynamoDB`.</param>
    /// <param name="call">The call. A refused condition is an answer, and goes through as it is.</param>
    /// <param name="cancellationToken">The caller's, to tell its giving up from a timeout.</param>
    public static async Task<T> CallAsync<T>(
        string what,
        Func<CancellationToken, Task<T>> call,
        CancellationToken cancellationToken
    )
    {
        try
        {
            return await call(cancellationToken);
        }
        catch (Exception exception) when (IsTransient(exception, cancellationToken))
        {
            throw new StoreUnavailableException(
                $"{what} refused or did not answer: {exception.Message}",
                TimeSpan.FromSeconds(1),
                exception,
                isOneTenants: IsThrottling(exception)
            );
        }
    }

    /// <summary>
    /// Whether a partition has too much to do: partitions are tenants', so others are not concerned.
    /// </summary>
    private static bool IsThrottling(Exception exception) =>
        exception
            is AmazonServiceException
            {
                ErrorCode: "ProvisionedThroughputExceededException" or "ThrottlingException"
            };

    /// <summary>Whether the same call may succeed later: throttling, outages, timeouts, missing tables.</summary>
    public static bool IsTransient(Exception exception, CancellationToken cancellationToken) =>
        exception switch
        {
            ConditionalCheckFailedException => false,
            AmazonServiceException service => service.ErrorCode is not "ValidationException",
            AmazonClientException => true,
            HttpRequestException or IOException or SocketException or TimeoutException => true,
            OperationCanceledException => !cancellationToken.IsCancellationRequested,
            _ => false,
        };
}
