using WebhookDelivery.Core;

namespace WebhookDelivery.Aws;

/// <summary>The engine as a host sees it.</summary>
public sealed class AwsEngine
{
    private readonly AwsEngineOptions _options;
    private readonly AwsProvisioning _provisioning;
    private readonly EventShards _shards;

    internal AwsEngine(AwsEngineOptions options, AwsProvisioning provisioning, EventShards shards)
    {
        _options = options;
        _provisioning = provisioning;
        _shards = shards;
    }

    /// <summary>Most event shards that a tenant can have.</summary>
    public static int EventShardsMax => EventsTable.EventShardsMax;

    /// <summary>
    /// Makes the tables, queues and bucket that are missing, where <see cref="AwsEngineOptions.CreateMissing"/>
    /// says so. Call it before anything else is asked of the engine. Idempotent.
    /// </summary>
    /// <exception cref="StoreUnavailableException">AWS refused.</exception>
    public async Task PrepareAsync(CancellationToken cancellationToken)
    {
        if (_options.CreateMissing)
        {
            await _provisioning.CreateMissingAsync(_options, cancellationToken);
        }
    }

    /// <summary>
    /// Spreads a tenant's events over more partitions, each good for some 500 events/s, from a minute
    /// later on. Never over fewer: what is stored stays where it is.
    /// </summary>
    /// <param name="tenant">The tenant.</param>
    /// <param name="count">A power of two, at most <see cref="EventShardsMax"/>.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>How many it has then; null if there is no such tenant.</returns>
    /// <exception cref="ArgumentOutOfRangeException">The count is none of those.</exception>
    /// <exception cref="StoreUnavailableException">DynamoDB refused.</exception>
    public async Task<int?> GrowEventShardsAsync(
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
                $"Not a power of two from 1 to {EventShardsMax}."
            );
        }

        return (await _shards.GrowAsync(tenant, count, cancellationToken))?.Max;
    }
}
