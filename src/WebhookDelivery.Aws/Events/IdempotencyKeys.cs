using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using Amazon.DynamoDBv2.Model;
using WebhookDelivery.Core;
using Field = WebhookDelivery.Aws.KeyRecord.Field;

namespace WebhookDelivery.Aws;

/// <summary>
/// Idempotency items, apart from the events: 16 partitions `tenant#k0` … `tenant#kf` by the first
/// nibble of the key's SHA-256, sort key `idem#` and all of it in base64url.
/// </summary>
internal sealed class IdempotencyKeys(EventItems items)
{
    /// <summary>Takes a key that is free or has expired; false if it stands for something.</summary>
    public Task<bool> TryStartAsync(
        TenantId tenant,
        string key,
        KeyRecord record,
        DateTimeOffset now,
        CancellationToken cancellationToken
    ) =>
        items.TryPutAsync(
            new PutItemRequest
            {
                TableName = items.Table,
                Item = record.Write(KeyOf(tenant, key)),
                ConditionExpression =
                    $"attribute_not_exists({EventsTable.EventId}) OR #expires <= :now",
                ExpressionAttributeNames = new() { ["#expires"] = Field.Expires },
                ExpressionAttributeValues = new() { [":now"] = now.ToAttribute() },
            },
            cancellationToken
        );

    /// <summary>What a key stands for; null if nothing, or no longer.</summary>
    public async Task<KeyRecord?> FindAsync(
        TenantId tenant,
        string key,
        DateTimeOffset now,
        CancellationToken cancellationToken
    )
    {
        var item = await items.FindAsync(KeyOf(tenant, key), cancellationToken);
        return item is not null && KeyRecord.Read(item) is var record && record.ExpiresAt > now
            ? record
            : null;
    }

    /// <summary>Takes over from whoever let the lease end; false if somebody else did, or it is done.</summary>
    public Task<bool> TryTakeOverAsync(
        TenantId tenant,
        string key,
        KeyRecord seen,
        DateTimeOffset leaseEndsAt,
        CancellationToken cancellationToken
    )
    {
        var update = new ItemUpdate().Set(Field.Lease, leaseEndsAt.ToAttribute());
        WhenOf(update, seen.EventId)
            .When(
                $"{update.Name(Field.State)} = {update.Value("started", KeyRecord.Started.ToAttribute())}"
            )
            .When(
                $"{update.Name(Field.Lease)} = {update.Value("seen", seen.LeaseEndsAt.ToAttribute())}"
            );
        return items.TryUpdateAsync(update, KeyOf(tenant, key), cancellationToken);
    }

    /// <summary>Says that a key's request is done; nothing happens if it stands for another by now.</summary>
    public Task SettleAsync(
        TenantId tenant,
        string key,
        EventId eventId,
        CancellationToken cancellationToken
    ) =>
        items.TryUpdateAsync(
            WhenOf(new ItemUpdate().Set(Field.State, KeyRecord.Done.ToAttribute()), eventId),
            KeyOf(tenant, key),
            cancellationToken
        );

    /// <summary>The partitions of a tenant's keys.</summary>
    public static IEnumerable<string> Partitions(TenantId tenant) =>
        Enumerable
            .Range(0, EventsTable.IdempotencyShards)
            .Select(shard => Partition(tenant, shard));

    private static ItemUpdate WhenOf(ItemUpdate update, EventId eventId) =>
        update.When(
            $"{update.Name(Field.Event)} = {update.Value("event", eventId.ToString().ToAttribute())}"
        );

    private static Dictionary<string, AttributeValue> KeyOf(TenantId tenant, string key)
    {
        var hash = SHA256.HashData(Encoding.UTF8.GetBytes(key));
        return ItemKeys.Of(
            Partition(tenant, hash[0] >> 4),
            $"idem#{Base64Url.EncodeToString(hash)}"
        );
    }

    private static string Partition(TenantId tenant, int shard) => $"{tenant}#k{shard:x}";
}
