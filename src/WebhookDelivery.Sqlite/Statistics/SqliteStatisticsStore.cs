using WebhookDelivery.Core;

namespace WebhookDelivery.Sqlite;

/// <summary>Statistics in SQLite. Writes go through the writer, reads around it.</summary>
internal sealed class SqliteStatisticsStore(Writer writer, ReaderPool readers) : IStatisticsStore
{
    public ValueTask AddAsync(
        HourKey key,
        HourCounts counts,
        CancellationToken cancellationToken
    ) => new(writer.ChangeAsync((key, counts), StatisticsWrites.Add, cancellationToken));

    public ValueTask<IReadOnlyList<CountedHour>> ReadAsync(
        StatisticsQuery query,
        CancellationToken cancellationToken
    ) => readers.ReadAsync(query, StatisticsReads.Read, cancellationToken);
}
