using Amazon.DynamoDBv2;
using Amazon.DynamoDBv2.Model;
using WebhookDelivery.Core;
using Item = System.Collections.Generic.Dictionary<string, Amazon.DynamoDBv2.Model.AttributeValue>;

namespace WebhookDelivery.Aws;

/// <summary>
/// The calls to `{prefix}-Events`. Every member may throw <see cref="StoreUnavailableException"/>; a
/// refused condition is an answer. Single items are read consistently. Thread-safe.
/// </summary>
internal sealed class EventItems(IAmazonDynamoDB dynamo, AwsEngineOptions options)
{
    /// <summary>Most keys of a BatchGetItem.</summary>
    private const int GetMax = 100;

    /// <summary>Most items of a BatchWriteItem.</summary>
    private const int WriteMax = 25;

    /// <summary>
    /// Pauses before what a batch left undone is asked for again: DynamoDB leaves it where it is
    /// short of throughput, or where an answer would be too large, which needs no pause.
    /// </summary>
    private static readonly TimeSpan[] s_pauses =
    [
        TimeSpan.Zero,
        .. Enumerable.Range(0, 7).Select(n => TimeSpan.FromMilliseconds(25 << n)),
    ];

    /// <summary>The table.</summary>
    public string Table => options.EventsTable;

    /// <summary>Reads an item; null if there is none.</summary>
    public async Task<Item?> FindAsync(Item key, CancellationToken cancellationToken)
    {
        var answer = await CallAsync(
            new GetItemRequest
            {
                TableName = Table,
                Key = key,
                ConsistentRead = true,
            },
            dynamo.GetItemAsync,
            cancellationToken
        );
        return answer.IsItemSet ? answer.Item : null;
    }

    /// <summary>Writes an item if the condition holds; false if not.</summary>
    public async Task<bool> TryPutAsync(
        PutItemRequest request,
        CancellationToken cancellationToken
    ) =>
        await UnlessRefusedAsync(() => CallAsync(request, dynamo.PutItemAsync, cancellationToken))
            is not null;

    /// <summary>Updates an item if the conditions hold; false if not.</summary>
    public async Task<bool> TryUpdateAsync(
        ItemUpdate update,
        Item key,
        CancellationToken cancellationToken
    ) =>
        await UnlessRefusedAsync(() =>
            CallAsync(update.ToRequest(Table, key), dynamo.UpdateItemAsync, cancellationToken)
        )
            is not null;

    /// <summary>Updates an item if the conditions hold, and reads it as it is then; null if not.</summary>
    public async Task<Item?> UpdateAndReadAsync(
        ItemUpdate update,
        Item key,
        CancellationToken cancellationToken
    )
    {
        var request = update.ToRequest(Table, key);
        request.ReturnValues = ReturnValue.ALL_NEW;
        var answer = await UnlessRefusedAsync(() =>
            CallAsync(request, dynamo.UpdateItemAsync, cancellationToken)
        );
        return answer?.Attributes;
    }

    /// <summary>Reads one page of a query.</summary>
    public Task<QueryResponse> QueryAsync(
        QueryRequest request,
        CancellationToken cancellationToken
    ) => CallAsync(request, dynamo.QueryAsync, cancellationToken);

    /// <summary>Reads items by their keys, in no order; absent ones are left out.</summary>
    /// <param name="keys">Any number of different keys.</param>
    /// <param name="fields">What to read beside the keys; null for everything.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <param name="consistent">Whether what is left out is known to be absent: twice the price.</param>
    public async Task<IReadOnlyList<Item>> FindManyAsync(
        IEnumerable<Item> keys,
        IReadOnlyList<string>? fields,
        CancellationToken cancellationToken,
        bool consistent = false
    )
    {
        var found = new List<Item>();
        foreach (var chunk in keys.Chunk(GetMax))
        {
            await RepeatAsync(
                [.. chunk],
                async left =>
                {
                    var asked = new KeysAndAttributes { Keys = left, ConsistentRead = consistent };
                    if (fields is not null)
                    {
                        (asked.ProjectionExpression, asked.ExpressionAttributeNames) =
                            ReadFields.Of(fields);
                    }

                    var answer = await CallAsync(
                        new BatchGetItemRequest { RequestItems = new() { [Table] = asked } },
                        dynamo.BatchGetItemAsync,
                        cancellationToken
                    );
                    found.AddRange(answer.Responses?.GetValueOrDefault(Table) ?? []);
                    return answer.UnprocessedKeys?.GetValueOrDefault(Table)?.Keys ?? [];
                },
                cancellationToken
            );
        }

        return found;
    }

    /// <summary>Deletes an item if the condition holds; false if not.</summary>
    public async Task<bool> TryDeleteAsync(
        DeleteItemRequest request,
        CancellationToken cancellationToken
    ) =>
        await UnlessRefusedAsync(() =>
            CallAsync(request, dynamo.DeleteItemAsync, cancellationToken)
        )
            is not null;

    /// <summary>Deletes items, whether they are there or not.</summary>
    public async Task DeleteAsync(IEnumerable<Item> keys, CancellationToken cancellationToken)
    {
        foreach (var chunk in keys.Chunk(WriteMax))
        {
            await RepeatAsync(
                [.. chunk.Select(key => new WriteRequest(new DeleteRequest(key)))],
                async left =>
                {
                    var answer = await CallAsync(
                        new BatchWriteItemRequest { RequestItems = new() { [Table] = left } },
                        dynamo.BatchWriteItemAsync,
                        cancellationToken
                    );
                    return answer.UnprocessedItems?.GetValueOrDefault(Table) ?? [];
                },
                cancellationToken
            );
        }
    }

    /// <summary>Makes a batch call until nothing is left of it.</summary>
    /// <exception cref="StoreUnavailableException">Something was left however often it was asked for.</exception>
    private static async Task RepeatAsync<T>(
        List<T> left,
        Func<List<T>, Task<List<T>>> call,
        CancellationToken cancellationToken
    )
    {
        foreach (var pause in s_pauses)
        {
            var before = left.Count;
            left = await call(left);
            if (left.Count == 0)
            {
                return;
            }

            await Task.Delay(left.Count < before ? TimeSpan.Zero : pause, cancellationToken);
        }

        throw new StoreUnavailableException("DynamoDB leaves parts of a batch undone.");
    }

    private static async Task<T?> UnlessRefusedAsync<T>(Func<Task<T>> call)
        where T : class
    {
        try
        {
            return await call();
        }
        catch (ConditionalCheckFailedException)
        {
            return null;
        }
    }

    private static Task<TResponse> CallAsync<TRequest, TResponse>(
        TRequest request,
        Func<TRequest, CancellationToken, Task<TResponse>> call,
        CancellationToken cancellationToken
    ) => AwsFaults.CallAsync("DynamoDB", token => call(request, token), cancellationToken);
}
