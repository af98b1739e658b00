using System.Collections.Concurrent;
using System.Diagnostics;
using System.Security.Cryptography;
using Amazon.DynamoDBv2;
using Amazon.DynamoDBv2.Model;
using Microsoft.Extensions.Logging;
using WebhookDelivery.Core;

namespace WebhookDelivery.Aws;

/// <summary>
/// Walks `due-index` and enqueues what it finds: deliveries whose rest is over, deliveries whose
/// message was lost, events whose messages could not be sent. Each is claimed by moving its due time
/// before anything is sent, so that many sweepers are harmless. Thread-safe.
/// </summary>
internal sealed class OverdueSweep(
    IAmazonDynamoDB dynamo,
    OverdueClaims claims,
    MessageSender sender,
    AwsEngineOptions options,
    ILogger<OverdueSweep> logger
)
{
    /// <summary>Items claimed at once.</summary>
    private const int PageSize = 25;

    /// <summary>Shards walked at once: 4 × 25 calls of DynamoDB under way.</summary>
    private const int ShardsAtOnce = 4;

    /// <summary>
    /// How long a shard is walked, in real time; the next sweep goes on. With all of them full a sweep
    /// takes 44 s.
    /// </summary>
    private static readonly TimeSpan s_shardTime = TimeSpan.FromSeconds(11);

    /// <summary>Sweeps all shards.</summary>
    /// <param name="now">The time now.</param>
    /// <param name="cancellationToken">Stops between pages: what is claimed is sent.</param>
    /// <returns>How many messages it sent.</returns>
    /// <exception cref="StoreUnavailableException">A shard could not be read to its end.</exception>
    public async ValueTask<int> SweepAsync(DateTimeOffset now, CancellationToken cancellationToken)
    {
        var sent = new ConcurrentBag<int>();
        using var atOnce = new SemaphoreSlim(ShardsAtOnce);

        // Several sweepers begin at different places, so as not to see each other's pages.
        var first = RandomNumberGenerator.GetInt32(EventsTable.DueShards);
        await Task.WhenAll(
            Enumerable
                .Range(first, EventsTable.DueShards)
                .Select(shard => shard % EventsTable.DueShards)
                .Select(async shard =>
                {
                    await atOnce.WaitAsync(cancellationToken);
                    try
                    {
                        sent.Add(await SweepShardAsync(shard, now, cancellationToken));
                    }
                    finally
                    {
                        atOnce.Release();
                    }
                })
        );
        return sent.Sum();
    }

    private async Task<int> SweepShardAsync(
        int shard,
        DateTimeOffset now,
        CancellationToken cancellationToken
    )
    {
        var dueKey = EventsTable.DueKeyOf(shard);
        var sent = 0;
        Dictionary<string, AttributeValue>? from = null;
        var since = Stopwatch.GetTimestamp();
        while (Stopwatch.GetElapsedTime(since) < s_shardTime)
        {
            var page = await QueryAsync(dueKey, now, from, cancellationToken);
            var items = page.Items ?? [];
            var (pageSent, isRefused) = await SendAsync(items, now);
            sent += pageSent;
            if (isRefused)
            {
                // Each further claim would keep a delivery from everybody for nothing.
                QueueLog.SweepStopped(logger, dueKey);
                break;
            }

            if (!DynamoItem.IsFound(page.LastEvaluatedKey))
            {
                break;
            }

            from = page.LastEvaluatedKey;
        }

        return sent;
    }

    private Task<QueryResponse> QueryAsync(
        string dueKey,
        DateTimeOffset now,
        Dictionary<string, AttributeValue>? from,
        CancellationToken cancellationToken
    )
    {
        var request = new QueryRequest
        {
            TableName = options.EventsTable,
            IndexName = EventsTable.DueIndex,
            KeyConditionExpression =
                $"#{EventsTable.DueKey} = :key AND #{EventsTable.DueAt} <= :until",
            ExpressionAttributeNames = DynamoItem.Names(EventsTable.DueKey, EventsTable.DueAt),
            ExpressionAttributeValues = new(StringComparer.Ordinal)
            {
                [":key"] = dueKey.ToAttribute(),
                [":until"] = (now + DueTimes.LookAhead(options)).ToAttribute(),
            },
            ExclusiveStartKey = from,
            Limit = PageSize,
        };
        return AwsFaults.CallAsync(
            "DynamoDB",
            token => dynamo.QueryAsync(request, token),
            cancellationToken
        );
    }

    private async Task<(int Sent, bool IsRefused)> SendAsync(
        List<Dictionary<string, AttributeValue>> items,
        DateTimeOffset now
    )
    {
        // What is claimed and not sent stays away until the claim ends: so all of it is sent first,
        // whatever one item's trouble is.
        var claiming = items.Select(item => claims.TryClaimAsync(item, now)).ToList();
        Task all = Task.WhenAll(claiming);
        await all.ConfigureAwait(
            ConfigureAwaitOptions.SuppressThrowing | ConfigureAwaitOptions.ContinueOnCapturedContext
        );
        var claimed = claiming
            .Where(task => task.IsCompletedSuccessfully)
            .SelectMany(task => task.Result)
            .ToList();
        var refused = await sender.SendAsync([.. claimed.Select(each => each.Message)]);
        await claims.EndAsync(claimed, refused);
        await all;
        return (claimed.Count - refused.Count, refused.Count > 0);
    }
}
