using Amazon.DynamoDBv2;
using Amazon.DynamoDBv2.Model;
using static WebhookDelivery.Aws.TenantsTable;
using Item = System.Collections.Generic.Dictionary<string, Amazon.DynamoDBv2.Model.AttributeValue>;

namespace WebhookDelivery.Aws;

/// <summary>
/// The calls that the tenant store is made of. Reads by key are consistent, those of the index are
/// not. Every one throws <see cref="Core.StoreUnavailableException"/> where DynamoDB refuses or does
/// not answer; the SDK has then tried again.
/// </summary>
internal sealed class TenantsTableCalls(IAmazonDynamoDB dynamo, AwsEngineOptions options)
{
    private string Table => options.TenantsTable;

    /// <summary>One item; null if there is none.</summary>
    public async Task<Item?> GetAsync(string pk, string sk, CancellationToken cancellationToken)
    {
        var request = new GetItemRequest
        {
            TableName = Table,
            Key = Key(pk, sk),
            ConsistentRead = true,
        };
        var answer = await CallAsync(
            token => dynamo.GetItemAsync(request, token),
            cancellationToken
        );
        return DynamoItem.IsFound(answer.Item) ? answer.Item : null;
    }

    /// <summary>Every item of a partition whose sort key begins so, in the order of that key.</summary>
    public Task<List<Item>> QueryAsync(
        string pk,
        string skPrefix,
        CancellationToken cancellationToken
    ) =>
        QueryAsync(
            new QueryRequest
            {
                TableName = Table,
                ConsistentRead = true,
                KeyConditionExpression =
                    skPrefix.Length == 0 ? "#pk = :pk" : "#pk = :pk AND begins_with(#sk, :sk)",
                ExpressionAttributeNames =
                    skPrefix.Length == 0 ? DynamoItem.Names(Pk) : DynamoItem.Names(Pk, Sk),
                ExpressionAttributeValues =
                    skPrefix.Length == 0
                        ? new() { [":pk"] = pk.ToAttribute() }
                        : new() { [":pk"] = pk.ToAttribute(), [":sk"] = skPrefix.ToAttribute() },
            },
            int.MaxValue,
            cancellationToken
        );

    /// <summary>The keys of every item of a partition whose sort key begins so, in the order of that key.</summary>
    public Task<List<Item>> QueryKeysAsync(
        string pk,
        string skPrefix,
        CancellationToken cancellationToken
    ) =>
        QueryAsync(
            new QueryRequest
            {
                TableName = Table,
                ConsistentRead = true,
                KeyConditionExpression = "#pk = :pk AND begins_with(#sk, :sk)",
                ProjectionExpression = "#pk, #sk",
                ExpressionAttributeNames = DynamoItem.Names(Pk, Sk),
                ExpressionAttributeValues = new()
                {
                    [":pk"] = pk.ToAttribute(),
                    [":sk"] = skPrefix.ToAttribute(),
                },
            },
            int.MaxValue,
            cancellationToken
        );

    /// <summary>The last item of a partition between two sort keys, both inclusive; null if there is none.</summary>
    public async Task<Item?> LastAsync(
        string pk,
        string first,
        string last,
        CancellationToken cancellationToken
    )
    {
        var request = new QueryRequest
        {
            TableName = Table,
            ConsistentRead = true,
            ScanIndexForward = false,
            KeyConditionExpression = "#pk = :pk AND #sk BETWEEN :first AND :last",
            ExpressionAttributeNames = DynamoItem.Names(Pk, Sk),
            ExpressionAttributeValues = new()
            {
                [":pk"] = pk.ToAttribute(),
                [":first"] = first.ToAttribute(),
                [":last"] = last.ToAttribute(),
            },
        };
        return (await QueryAsync(request, 1, cancellationToken)).FirstOrDefault();
    }

    /// <summary>A list of the index, in its order, from the first that sorts after the given text.</summary>
    public Task<List<Item>> ListAsync(
        string list,
        string? after,
        int limit,
        CancellationToken cancellationToken
    ) =>
        QueryAsync(
            new QueryRequest
            {
                TableName = Table,
                IndexName = ListIndex,
                KeyConditionExpression = after is null
                    ? "#listKey = :list"
                    : "#listKey = :list AND #listSort > :after",
                ExpressionAttributeNames = after is null
                    ? DynamoItem.Names(ListKey)
                    : DynamoItem.Names(ListKey, ListSort),
                ExpressionAttributeValues = after is null
                    ? new() { [":list"] = list.ToAttribute() }
                    : new() { [":list"] = list.ToAttribute(), [":after"] = after.ToAttribute() },
            },
            limit,
            cancellationToken
        );

    /// <summary>Puts an item, whatever was there.</summary>
    public async Task PutAsync(Item item, CancellationToken cancellationToken) =>
        await CallAsync(token => dynamo.PutItemAsync(Table, item, token), cancellationToken);

    /// <summary>Puts an item under a condition, stamping it; false, changing nothing, if it does not hold.</summary>
    public async Task<bool> TryPutAsync(
        Item item,
        string condition,
        Dictionary<string, string> names,
        Item? values,
        CancellationToken cancellationToken
    )
    {
        var stamp = TenantItems.NewStamp();
        item[Field.Stamp] = stamp.ToAttribute();
        var request = new PutItemRequest
        {
            TableName = Table,
            Item = item,
            ConditionExpression = condition,
            ExpressionAttributeNames = names,
            ExpressionAttributeValues = values,
        };
        try
        {
            await CallAsync(token => dynamo.PutItemAsync(request, token), cancellationToken);
            return true;
        }
        catch (ConditionalCheckFailedException)
        {
            var (pk, sk) = (item.Text(Pk), item.Text(Sk));
            return await FindOwnAsync(pk, sk, stamp, cancellationToken) is not null;
        }
    }

    /// <summary>
    /// Updates an item under a condition, stamping it. Answers the whole item as it is then; null,
    /// having changed nothing, if the condition does not hold.
    /// </summary>
    /// <param name="pk">Partition key.</param>
    /// <param name="sk">Sort key.</param>
    /// <param name="update">What to set and remove, each as an expression without the verb; `remove` may be empty.</param>
    /// <param name="condition">The condition.</param>
    /// <param name="names">Names of both.</param>
    /// <param name="values">Values of both.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    public async Task<Item?> TryUpdateAsync(
        string pk,
        string sk,
        (string Set, string Remove) update,
        string condition,
        Dictionary<string, string> names,
        Item values,
        CancellationToken cancellationToken
    )
    {
        var stamp = TenantItems.NewStamp();
        names[$"#{Field.Stamp}"] = Field.Stamp;
        values[":stamp"] = stamp.ToAttribute();
        var set = update.Set.Length == 0 ? "" : $", {update.Set}";
        var remove = update.Remove.Length == 0 ? "" : $" REMOVE {update.Remove}";
        var request = new UpdateItemRequest
        {
            TableName = Table,
            Key = Key(pk, sk),
            UpdateExpression = $"SET #{Field.Stamp} = :stamp{set}{remove}",
            ConditionExpression = condition,
            ExpressionAttributeNames = names,
            ExpressionAttributeValues = values,
            ReturnValues = ReturnValue.ALL_NEW,
        };
        try
        {
            var answer = await CallAsync(
                token => dynamo.UpdateItemAsync(request, token),
                cancellationToken
            );
            return answer.Attributes;
        }
        catch (ConditionalCheckFailedException)
        {
            return await FindOwnAsync(pk, sk, stamp, cancellationToken);
        }
    }

    /// <summary>Deletes an item if the condition holds, or without one; nothing happens otherwise.</summary>
    public async Task DeleteAsync(
        string pk,
        string sk,
        string? condition,
        Dictionary<string, string>? names,
        Item? values,
        CancellationToken cancellationToken
    )
    {
        var request = new DeleteItemRequest
        {
            TableName = Table,
            Key = Key(pk, sk),
            ConditionExpression = condition,
            ExpressionAttributeNames = names,
            ExpressionAttributeValues = values,
        };
        try
        {
            await CallAsync(token => dynamo.DeleteItemAsync(request, token), cancellationToken);
        }
        catch (ConditionalCheckFailedException)
        {
            // Somebody else has deleted it, or replaced it.
        }
    }

    // The SDK sends a request again whose answer was lost. The second one is then refused for what
    // the first has done, which the stamp tells from what others did.
    private async Task<Item?> FindOwnAsync(
        string pk,
        string sk,
        string stamp,
        CancellationToken cancellationToken
    ) =>
        await GetAsync(pk, sk, cancellationToken) is { } stored
        && stored.TextOrNull(Field.Stamp) == stamp
            ? stored
            : null;

    private async Task<List<Item>> QueryAsync(
        QueryRequest request,
        int limit,
        CancellationToken cancellationToken
    )
    {
        var found = new List<Item>();
        do
        {
            request.Limit = limit == int.MaxValue ? null : limit - found.Count;
            var page = await CallAsync(
                token => dynamo.QueryAsync(request, token),
                cancellationToken
            );
            found.AddRange(page.Items ?? []);
            request.ExclusiveStartKey = page.LastEvaluatedKey;
        } while (DynamoItem.IsFound(request.ExclusiveStartKey) && found.Count < limit);

        return found;
    }

    private static Task<T> CallAsync<T>(
        Func<CancellationToken, Task<T>> call,
        CancellationToken cancellationToken
    ) => AwsFaults.CallAsync("DynamoDB", call, cancellationToken);

    private static Item Key(string pk, string sk) =>
        new(StringComparer.Ordinal) { [Pk] = pk.ToAttribute(), [Sk] = sk.ToAttribute() };
}
