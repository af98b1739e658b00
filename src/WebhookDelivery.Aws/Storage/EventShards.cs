using System.Collections.Concurrent;
using Amazon.DynamoDBv2;
using Amazon.DynamoDBv2.Model;
using WebhookDelivery.Core;
using static WebhookDelivery.Aws.TenantsTable;

namespace WebhookDelivery.Aws;

/// <summary>
/// How many event shards tenants have, as this process knows it: kept for <see cref="CacheFor"/>.
/// A growth takes effect <see cref="GrowthDelay"/> after it is stored, so that every process knows
/// of it before any writes by it. Thread-safe.
/// </summary>
internal sealed class EventShards(
    IAmazonDynamoDB dynamo,
    AwsEngineOptions options,
    TimeProvider time
)
{
    /// <summary>How long a history is taken as read; 10 s.</summary>
    public static readonly TimeSpan CacheFor = TimeSpan.FromSeconds(10);

    /// <summary>How long after it is stored a growth takes effect; 60 s, room for slow calls and clocks.</summary>
    public static readonly TimeSpan GrowthDelay = TimeSpan.FromSeconds(60);

    /// <summary>Histories kept at most; then all are forgotten.</summary>
    private const int EntriesMax = 10_000;

    private readonly ConcurrentDictionary<TenantId, Known> _known = new();

    /// <summary>A tenant's history; <see cref="ShardHistory.Single"/> for one that does not exist.</summary>
    /// <exception cref="StoreUnavailableException">DynamoDB refused or did not answer.</exception>
    public ValueTask<ShardHistory> FindAsync(
        TenantId tenant,
        CancellationToken cancellationToken
    ) =>
        _known.TryGetValue(tenant, out var known) && time.GetUtcNow() - known.ReadAt < CacheFor
            ? new(known.History)
            : new(LoadAsync(tenant, cancellationToken));

    /// <summary>Takes note of a history that was just read.</summary>
    public void Put(TenantId tenant, ShardHistory history) =>
        Keep(tenant, new Known(history, time.GetUtcNow()));

    /// <summary>
    /// Gives a tenant more shards, from <see cref="GrowthDelay"/> on. Changes nothing if it has as
    /// many already, or is about to.
    /// </summary>
    /// <param name="tenant">The tenant.</param>
    /// <param name="count">A power of two, at most <see cref="EventsTable.EventShardsMax"/>.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>The history as it is then; null if there is no such tenant, or it is deleted.</returns>
    /// <exception cref="StoreUnavailableException">DynamoDB refused or did not answer.</exception>
    public async Task<ShardHistory?> GrowAsync(
        TenantId tenant,
        int count,
        CancellationToken cancellationToken
    )
    {
        if (!ShardHistory.IsCount(count))
        {
            throw new ArgumentOutOfRangeException(
                nameof(count),
                count,
                $"A tenant has a power of two of event shards, at most {EventsTable.EventShardsMax}."
            );
        }

        while (await ReadAsync(tenant, cancellationToken) is { } item)
        {
            if (item.ContainsKey(Field.DeletedAt))
            {
                break;
            }

            var seen = item.TextOrNull(TenantField.Shards);
            var history = ShardHistory.Parse(seen);
            if (history.Max >= count)
            {
                return history;
            }

            var grown = history.Grow(count, time.GetUtcNow() + GrowthDelay);
            if (await TryWriteAsync(tenant, seen, grown, cancellationToken))
            {
                Put(tenant, grown);
                return grown;
            }
        }

        return null;
    }

    private async Task<ShardHistory> LoadAsync(TenantId tenant, CancellationToken cancellationToken)
    {
        var readAt = time.GetUtcNow();
        var item = await ReadAsync(tenant, cancellationToken);
        var history = ShardHistory.Parse(item?.TextOrNull(TenantField.Shards));
        Keep(tenant, new Known(history, readAt));
        return history;
    }

    private void Keep(TenantId tenant, Known known)
    {
        if (_known.Count >= EntriesMax)
        {
            _known.Clear();
        }

        _known[tenant] = known;
    }

    private async Task<Dictionary<string, AttributeValue>?> ReadAsync(
        TenantId tenant,
        CancellationToken cancellationToken
    )
    {
        var request = new GetItemRequest
        {
            TableName = options.TenantsTable,
            Key = Key(tenant),
            ConsistentRead = true,
            ProjectionExpression = $"#{Pk}, #{TenantField.Shards}, #{Field.DeletedAt}",
            ExpressionAttributeNames = DynamoItem.Names(Pk, TenantField.Shards, Field.DeletedAt),
        };
        var answer = await AwsFaults.CallAsync(
            "DynamoDB",
            token => dynamo.GetItemAsync(request, token),
            cancellationToken
        );
        return DynamoItem.IsFound(answer.Item) ? answer.Item : null;
    }

    private async Task<bool> TryWriteAsync(
        TenantId tenant,
        string? seen,
        ShardHistory grown,
        CancellationToken cancellationToken
    )
    {
        var shards = $"#{TenantField.Shards}";
        var unchanged = seen is null ? $"attribute_not_exists({shards})" : $"{shards} = :seen";
        var request = new UpdateItemRequest
        {
            TableName = options.TenantsTable,
            Key = Key(tenant),
            UpdateExpression = $"SET {shards} = :grown",
            ConditionExpression =
                $"attribute_exists(#{Pk}) AND attribute_not_exists(#{Field.DeletedAt}) AND {unchanged}",
            ExpressionAttributeNames = DynamoItem.Names(Pk, TenantField.Shards, Field.DeletedAt),
            ExpressionAttributeValues = new() { [":grown"] = grown.ToString().ToAttribute() },
        };
        if (seen is not null)
        {
            request.ExpressionAttributeValues[":seen"] = seen.ToAttribute();
        }

        try
        {
            await AwsFaults.CallAsync(
                "DynamoDB",
                token => dynamo.UpdateItemAsync(request, token),
                cancellationToken
            );
            return true;
        }
        catch (ConditionalCheckFailedException)
        {
            return false;
        }
    }

    private static Dictionary<string, AttributeValue> Key(TenantId tenant) =>
        new(StringComparer.Ordinal)
        {
            [Pk] = TenantPk(tenant).ToAttribute(),
            [Sk] = TenantSk.ToAttribute(),
        };

    private sealed record Known(ShardHistory History, DateTimeOffset ReadAt);
}
