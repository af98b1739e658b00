using Amazon.DynamoDBv2;
using WebhookDelivery.Core;
using static WebhookDelivery.Aws.TenantsTable;
using Item = System.Collections.Generic.Dictionary<string, Amazon.DynamoDBv2.Model.AttributeValue>;

namespace WebhookDelivery.Aws;

/// <summary>
/// Recoveries in `{prefix}-Tenants`, in a partition of their own for each tenant. What is read by its key
/// is as it was last written; lists of all tenants are of an index, and may be a moment behind.
/// </summary>
internal sealed class DynamoRecoveryStore(IAmazonDynamoDB dynamo, AwsEngineOptions options)
    : IRecoveryStore
{
    private readonly TenantsTableCalls _calls = new(dynamo, options);

    /// <inheritdoc/>
    public async ValueTask<bool> AddAsync(Recovery recovery, CancellationToken cancellationToken) =>
        await _calls.TryPutAsync(
            RecoveryItems.Write(recovery),
            $"attribute_not_exists(#{Pk})",
            DynamoItem.Names(Pk),
            null,
            cancellationToken
        );

    /// <inheritdoc/>
    public async ValueTask<bool> SaveAsync(
        Recovery recovery,
        CancellationToken cancellationToken
    ) =>
        await _calls.TryPutAsync(
            RecoveryItems.Write(recovery),
            $"#{Field.Version} = :seen",
            DynamoItem.Names(Field.Version),
            new Item(StringComparer.Ordinal) { [":seen"] = (recovery.Version - 1).ToAttribute() },
            cancellationToken
        );

    /// <inheritdoc/>
    public async ValueTask<Recovery?> FindAsync(
        EndpointKey endpoint,
        RecoveryId id,
        CancellationToken cancellationToken
    ) =>
        await _calls.GetAsync(
            RecoveryPk(endpoint.TenantId),
            RecoverySk(endpoint.EndpointId, id),
            cancellationToken
        )
            is { } item
            ? RecoveryItems.Read(item)
            : null;

    /// <inheritdoc/>
    /// <remarks>Reads all that the endpoint has: some hundred at most, of a few hundred bytes each.</remarks>
    public async ValueTask<IReadOnlyList<Recovery>> ListAsync(
        EndpointKey endpoint,
        RecoveryId? before,
        int limit,
        CancellationToken cancellationToken
    )
    {
        var items = await _calls.QueryAsync(
            RecoveryPk(endpoint.TenantId),
            RecoverySkPrefix(endpoint.EndpointId),
            cancellationToken
        );
        items.Reverse();
        return
        [
            .. items
                .Select(RecoveryItems.Read)
                .Where(each => before is not { } bound || each.Id.CompareTo(bound) < 0)
                .Take(limit),
        ];
    }

    /// <inheritdoc/>
    public async ValueTask<IReadOnlyList<Recovery>> ListRunningAsync(
        int limit,
        CancellationToken cancellationToken
    )
    {
        var items = await _calls.ListAsync(RunningList, null, limit, cancellationToken);
        return items.ConvertAll(RecoveryItems.Read);
    }

    /// <inheritdoc/>
    public async ValueTask DeleteAsync(
        EndpointKey endpoint,
        RecoveryId id,
        CancellationToken cancellationToken
    ) =>
        await _calls.DeleteAsync(
            RecoveryPk(endpoint.TenantId),
            RecoverySk(endpoint.EndpointId, id),
            null,
            null,
            null,
            cancellationToken
        );

    /// <inheritdoc/>
    public async ValueTask<int> DeleteFinishedAsync(
        DateTimeOffset before,
        int limit,
        CancellationToken cancellationToken
    )
    {
        var items = await _calls.ListAsync(FinishedList, null, limit, cancellationToken);
        var over = items.TakeWhile(item => item.Time(RecoveryField.FinishedAt) < before).ToList();
        foreach (var item in over)
        {
            await _calls.DeleteAsync(
                item.Text(Pk),
                item.Text(Sk),
                null,
                null,
                null,
                cancellationToken
            );
        }

        return over.Count;
    }
}
