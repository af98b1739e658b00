using Amazon.DynamoDBv2.Model;

namespace WebhookDelivery.Aws;

/// <summary>
/// Several queries of one direction as one, in order of sort keys: a tenant's shards, which each hold a
/// part of its events. Not thread-safe.
/// </summary>
/// <param name="streams">The queries.</param>
/// <param name="ascending">Whether they give the least sort key first, or else the greatest.</param>
internal sealed class MergedItems(IReadOnlyList<ItemStream> streams, bool ascending = false)
{
    private ItemStream? _first;

    /// <summary>Items taken so far.</summary>
    public int Taken { get; private set; }

    /// <summary>Pages read so far, each of 1 MB at most.</summary>
    public int Pages => streams.Sum(stream => stream.Pages);

    /// <summary>The next item, which stays the next until it is taken; null at the end.</summary>
    public async Task<Dictionary<string, AttributeValue>?> PeekAsync(
        CancellationToken cancellationToken
    )
    {
        if (_first is null)
        {
            await Task.WhenAll(streams.Select(stream => stream.FillAsync(cancellationToken)));
            var left = streams.Where(stream => stream.Next is not null);
            _first = ascending
                ? left.MinBy(KeyOf, StringComparer.Ordinal)
                : left.MaxBy(KeyOf, StringComparer.Ordinal);
        }

        return _first?.Next;
    }

    /// <summary>Goes on behind the next item.</summary>
    public void Take()
    {
        _first!.Advance();
        _first = null;
        Taken++;
    }

    private static string KeyOf(ItemStream stream) => ItemKeys.SortKey(stream.Next!);
}
