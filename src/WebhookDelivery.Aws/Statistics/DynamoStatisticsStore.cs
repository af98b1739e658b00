using Amazon.DynamoDBv2;
using WebhookDelivery.Core;

namespace WebhookDelivery.Aws;

/// <summary>
/// Statistics in `{prefix}-Events`, an item for each tenant or endpoint and hour
/// (<see cref="StatisticsItem"/>). Adding is one UpdateItem without a condition, so that any number of
/// processes add to the same hour at once. Thread-safe.
/// </summary>
internal sealed class DynamoStatisticsStore(
    IAmazonDynamoDB dynamo,
    TimeProvider time,
    AwsEngineOptions options
) : IStatisticsStore
{
    private static readonly TimeSpan s_hour = TimeSpan.FromHours(1);

    private readonly EventItems _items = new(dynamo, options);

    public async ValueTask AddAsync(
        HourKey key,
        HourCounts counts,
        CancellationToken cancellationToken
    )
    {
        var update = new ItemUpdate().Set(
            EventsTable.Ttl,
            (key.Hour + s_hour + options.Retention.Statistics).ToUnixTimeSeconds().ToAttribute()
        );
        foreach (var (name, count) in StatisticsItem.NumbersOf(counts))
        {
            update.Add(name, count);
        }

        await _items.TryUpdateAsync(
            update,
            ItemKeys.Of(
                StatisticsItem.PartitionOf(key.TenantId),
                StatisticsItem.SortKeyOf(key.EndpointId, key.Hour)
            ),
            cancellationToken
        );
    }

    /// <summary>
    /// One query, by pages of 1 MB, so of more than a thousand hours. Consistent: a reader finds what
    /// this process has just stored. DynamoDB deletes within days of the time; what is due is left out.
    /// </summary>
    public async ValueTask<IReadOnlyList<CountedHour>> ReadAsync(
        StatisticsQuery query,
        CancellationToken cancellationToken
    )
    {
        var oldest = HourKey.HourOf(time.GetUtcNow() - options.Retention.Statistics);
        var since = query.Since > oldest ? query.Since : oldest;
        if (query.Until <= since)
        {
            return [];
        }

        var request = ItemQueries.OfPartition(
            _items.Table,
            StatisticsItem.PartitionOf(query.TenantId),
            new KeyRange(
                StatisticsItem.SortKeyOf(query.EndpointId, since),
                StatisticsItem.SortKeyOf(query.EndpointId, query.Until - s_hour)
            ),
            fields: null
        );
        request.ConsistentRead = true;
        var hours = new List<CountedHour>();
        var found = new ItemStream(_items, request);
        await found.FillAsync(cancellationToken);
        while (found.Next is { } item)
        {
            hours.Add(StatisticsItem.Read(item));
            found.Advance();
            await found.FillAsync(cancellationToken);
        }

        return hours;
    }
}
