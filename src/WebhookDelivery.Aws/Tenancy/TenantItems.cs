using System.Security.Cryptography;
using WebhookDelivery.Core;
using static WebhookDelivery.Aws.TenantsTable;
using AttributeValue = Amazon.DynamoDBv2.Model.AttributeValue;
using Item = System.Collections.Generic.Dictionary<string, Amazon.DynamoDBv2.Model.AttributeValue>;

namespace WebhookDelivery.Aws;

/// <summary>Tenants, API keys and endpoints as items, and back.</summary>
internal static class TenantItems
{
    /// <summary>What no two writes, or tenants, share: 64 random bits.</summary>
    public static string NewStamp() => RandomNumberGenerator.GetHexString(16, lowercase: true);

    /// <summary>A new tenant's item, with the items that are owed to it.</summary>
    public static Item Write(Tenant tenant, string incarnation, params ReadOnlySpan<Item> initial)
    {
        var item = Keyed(TenantPk(tenant.Id), TenantSk);
        item[TenantField.Incarnation] = Attributes.Of(incarnation);
        item[ListKey] = Attributes.Of(TenantList);
        item[ListSort] = Attributes.Of(tenant.Id.Value);
        item[Field.Version] = Attributes.Of(tenant.Version);
        item[TenantField.DataKey] = Attributes.Of(tenant.DataKey.Wrapped);
        item[Field.CreatedAt] = Attributes.Of(tenant.CreatedAt);
        item[TenantField.UpdatedAt] = Attributes.Of(tenant.UpdatedAt);
        item.PutIfAny(Field.DeletedAt, tenant.DeletedAt);
        item.PutIfAny(TenantField.Name, tenant.Name);
        var owed = new List<AttributeValue>();
        foreach (var each in initial)
        {
            owed.Add(new AttributeValue { M = each });
        }

        item[TenantField.Initial] = new AttributeValue { L = owed };
        return item;
    }

    public static Item Write(ApiKey key)
    {
        var item = Keyed(KeyPk(key.Id), KeySk);
        item[ListKey] = Attributes.Of(KeyList(key.TenantId));
        item[ListSort] = Attributes.Of(KeySort(key));
        item[KeyField.Role] = Attributes.Of((int)key.Role);
        item[KeyField.Hash] = Attributes.Of(key.Hash);
        item[Field.CreatedAt] = Attributes.Of(key.CreatedAt);
        item.PutIfAny(KeyField.Tenant, key.TenantId?.Value);
        item.PutIfAny(KeyField.Description, key.Description);
        item.PutIfAny(KeyField.RevokedAt, key.RevokedAt);
        return item;
    }

    /// <summary>An endpoint's item.</summary>
    /// <param name="endpoint">The endpoint.</param>
    /// <param name="incarnation">Its tenant's.</param>
    public static Item Write(Endpoint endpoint, string incarnation)
    {
        var item = Keyed(TenantPk(endpoint.Key.TenantId), EndpointSk(endpoint.Key.EndpointId));
        item[EndpointField.Incarnation] = Attributes.Of(incarnation);
        item[Field.Version] = Attributes.Of(endpoint.Version);
        ReadOnlyMemory<byte> document = EndpointDocument.Write(endpoint);
        item[EndpointField.Document] = Attributes.Of(document);
        item.PutIfAny(EndpointField.FailingSince, endpoint.FailingSince);
        item.PutIfAny(Field.DeletedAt, endpoint.DeletedAt);
        if (endpoint.BacklogAction != BacklogAction.None)
        {
            item[EndpointField.BacklogAction] = Attributes.Of((int)endpoint.BacklogAction);
            item[ListKey] = Attributes.Of(BacklogList);
            item[ListSort] = Attributes.Of(BacklogSort(endpoint.Key));
        }

        return item;
    }

    public static Tenant ReadTenant(Item item)
    {
        var id = ReadTenantId(item);
        return new Tenant
        {
            Id = id,
            Version = item.RequiredInt32(Field.Version),
            Name = item.Text(TenantField.Name),
            DataKey = new TenantDataKey(id, item.RequiredBytes(TenantField.DataKey)),
            CreatedAt = item.RequiredTime(Field.CreatedAt),
            UpdatedAt = item.RequiredTime(TenantField.UpdatedAt),
            DeletedAt = item.Time(Field.DeletedAt),
        };
    }

    public static ApiKey ReadKey(Item item) =>
        new()
        {
            Id = item.RequiredText(Pk)[KeyPk("").Length..],
            Role = (ApiKeyRole)item.RequiredInt32(KeyField.Role),
            TenantId = item.Text(KeyField.Tenant) is { } tenant ? TenantId.Parse(tenant) : null,
            Hash = item.RequiredBytes(KeyField.Hash),
            Description = item.Text(KeyField.Description),
            CreatedAt = item.RequiredTime(Field.CreatedAt),
            RevokedAt = item.Time(KeyField.RevokedAt),
        };

    public static Endpoint ReadEndpoint(Item item) =>
        EndpointDocument.Read(
            item.RequiredBytes(EndpointField.Document).Span,
            new EndpointKey(
                ReadTenantId(item),
                EndpointId.TryParse(item.RequiredText(Sk)[EndpointSkPrefix.Length..], out var id)
                    ? id
                    : throw new InvalidDataException("A stored endpoint's id is not one.")
            ),
            item.RequiredInt32(Field.Version),
            (BacklogAction)(item.Number(EndpointField.BacklogAction) ?? 0),
            item.Time(EndpointField.FailingSince),
            item.Time(Field.DeletedAt)
        );

    /// <summary>Whether something that the tenant's last change began is not done yet.</summary>
    public static bool IsUnfinished(Item tenant) =>
        tenant.ContainsKey(TenantField.Initial) || tenant.ContainsKey(TenantField.Ending);

    /// <summary>Whether an endpoint's item is this tenant's, not one left by an erased one of the same id.</summary>
    public static bool BelongsTo(Item endpoint, Item tenant) =>
        endpoint.Text(EndpointField.Incarnation) == tenant.Text(TenantField.Incarnation);

    private static TenantId ReadTenantId(Item item) =>
        TenantId.Parse(item.RequiredText(Pk)["t#".Length..]);

    private static Item Keyed(string pk, string sk) =>
        new(StringComparer.Ordinal) { [Pk] = Attributes.Of(pk), [Sk] = Attributes.Of(sk) };
}
