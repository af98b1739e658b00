using Amazon.DynamoDBv2.Model;

namespace WebhookDelivery.Aws;

/// <summary>
/// Several descending queries as one, greatest sort key first: a tenant's shards, which each hold a
/// part of its events. Not thread-safe.
/// </summary>
internal sealed class MergedItems(IReadOnlyList<ItemStream> streams)
{
    private ItemStream? _greatest;

    /// <summary>Items taken so far.</summary>
    public int Taken { get; private set; }

    /// <summary>Pages read so far, each of 1 MB at most.</summary>
    public int Pages => streams.Sum(stream => stream.Pages);

    /// <summary>The next item, which stays the next until it is taken; null at the end.</summary>
    public async Task<Dictionary<string, AttributeValue>?> PeekAsync(
        CancellationToken cancellationToken
    )
    {
        if (_greatest is null)
        {
            await Task.WhenAll(streams.Select(stream => stream.FillAsync(cancellationToken)));
            _greatest = streams
                .Where(stream => stream.Next is not null)
                .MaxBy(stream => ItemKeys.SortKey(stream.Next!), StringComparer.Ordinal);
        }

        return _greatest?.Next;
    }

    /// <summary>Goes on behind the next item.</summary>
    public void Take()
    {
        _greatest!.Advance();
        _greatest = null;
        Taken++;
    }
}
