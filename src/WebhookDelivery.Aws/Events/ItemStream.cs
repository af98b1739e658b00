using Amazon.DynamoDBv2.Model;

namespace WebhookDelivery.Aws;

/// <summary>What a query finds, item by item, read page by page as it is wanted. Not thread-safe.</summary>
/// <param name="items">Where to read.</param>
/// <param name="request">The query; its page size may be set.</param>
internal sealed class ItemStream(EventItems items, QueryRequest request)
{
    private readonly Queue<Dictionary<string, AttributeValue>> _page = [];
    private bool _last;

    /// <summary>Pages read so far, each of 1 MB at most.</summary>
    public int Pages { get; private set; }

    /// <summary>The next item; null before <see cref="FillAsync"/>, and at the end.</summary>
    public Dictionary<string, AttributeValue>? Next => _page.TryPeek(out var item) ? item : null;

    /// <summary>Whether a further item needs a further read.</summary>
    public bool IsDry => _page.Count == 0 && !_last;

    /// <summary>Reads on, unless there is a next item or the end is reached.</summary>
    public async Task FillAsync(CancellationToken cancellationToken)
    {
        while (IsDry)
        {
            var answer = await items.QueryAsync(request, cancellationToken);
            Pages++;
            foreach (var item in answer.Items ?? [])
            {
                _page.Enqueue(item);
            }

            request.ExclusiveStartKey = answer.LastEvaluatedKey;
            _last = answer.LastEvaluatedKey is not { Count: > 0 };
        }
    }

    /// <summary>Goes on behind the next item.</summary>
    public void Advance() => _page.Dequeue();
}
