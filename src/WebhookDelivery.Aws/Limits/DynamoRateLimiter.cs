using System.Globalization;
using Amazon.DynamoDBv2;
using Amazon.DynamoDBv2.Model;
using Microsoft.Extensions.Logging;
using WebhookDelivery.Core;

namespace WebhookDelivery.Aws;

/// <summary>
/// Counts the attempts of all processes towards an endpoint: an item for each of its rate's windows
/// (<see cref="RateWindow"/>), and one write of 1 unit for each time that somebody asks.
/// </summary>
/// <remarks>
/// It counts who asks, not who goes: a waiter asks twice, and more often while newcomers keep the
/// windows full. Windows follow each other without a gap, so two of them may let through twice the
/// limit around their border. Clocks that differ by less than a window make it no worse than that.
/// </remarks>
public sealed class DynamoRateLimiter(
    IAmazonDynamoDB dynamo,
    AwsEngineOptions options,
    TimeProvider time,
    ILogger<DynamoRateLimiter> logger
) : ISharedRateLimiter
{
    /// <summary>How often somebody asked in a window.</summary>
    private const string Asked = "asked";

    /// <summary>DynamoDB answers within milliseconds; what takes this long counts as an outage.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(2);

    /// <summary>What a counter outlives its window by: clocks differ.</summary>
    private static readonly TimeSpan KeptFor = TimeSpan.FromHours(1);

    private int _failing;

    /// <inheritdoc/>
    public async ValueTask<DateTimeOffset?> TakeAsync(
        EndpointKey endpoint,
        double perSecond,
        DateTimeOffset now,
        CancellationToken cancellationToken
    )
    {
        var window = RateWindow.At(perSecond, now);
        try
        {
            var n = await CountAsync(endpoint, window, cancellationToken);
            if (Interlocked.Exchange(ref _failing, 0) == 1)
            {
                RateLimitLog.CountsAgain(logger);
            }

            return window.RetryAt(n, now);
        }
        catch (StoreUnavailableException exception)
        {
            if (Interlocked.Exchange(ref _failing, 1) == 0)
            {
                RateLimitLog.CountFailed(logger, exception.Message);
            }

            return null;
        }
    }

    /// <summary>The partition of a tenant's counters.</summary>
    internal static string PartitionOf(TenantId tenant) => $"{tenant}#rate";

    private async Task<long> CountAsync(
        EndpointKey endpoint,
        RateWindow window,
        CancellationToken cancellationToken
    )
    {
        var start = window.Start.ToUnixTimeMilliseconds();
        var expires = (window.Start + window.Length + KeptFor).ToUnixTimeSeconds();
        var request = new UpdateItemRequest
        {
            TableName = options.EventsTable,
            Key = new()
            {
                [EventsTable.TenantId] = new(PartitionOf(endpoint.TenantId)),
                [EventsTable.EventId] = new($"{endpoint.EndpointId}#{start}"),
            },
            UpdateExpression = "ADD #asked :one SET #ttl = :ttl",
            ExpressionAttributeNames = new() { ["#asked"] = Asked, ["#ttl"] = EventsTable.Ttl },
            ExpressionAttributeValues = new()
            {
                [":one"] = new() { N = "1" },
                [":ttl"] = new() { N = expires.ToString(CultureInfo.InvariantCulture) },
            },
            ReturnValues = ReturnValue.UPDATED_NEW,
        };
        using var patience = new CancellationTokenSource(Patience, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(
            patience.Token,
            cancellationToken
        );
        var response = await AwsFaults.CallAsync(
            "DynamoDB",
            _ => dynamo.UpdateItemAsync(request, either.Token),
            cancellationToken
        );
        return long.Parse(response.Attributes[Asked].N, CultureInfo.InvariantCulture);
    }
}
