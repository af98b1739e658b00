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
        item[TenantField.Incarnation] = incarnation.ToAttribute();
        item[ListKey] = TenantList.ToAttribute();
        item[ListSort] = tenant.Id.Value.ToAttribute();
        item[Field.Version] = tenant.Version.ToAttribute();
        item[TenantField.DataKey] = tenant.DataKey.Wrapped.ToAttribute();
        item[Field.CreatedAt] = tenant.CreatedAt.ToAttribute();
        item[TenantField.UpdatedAt] = tenant.UpdatedAt.ToAttribute();
        item.SetIfAny(Field.DeletedAt, tenant.DeletedAt);
        item.SetIfAny(TenantField.Name, tenant.Name);
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
        item[ListKey] = KeyList(key.TenantId).ToAttribute();
        item[ListSort] = KeySort(key).ToAttribute();
        item[KeyField.Role] = ((int)key.Role).ToAttribute();
        item[KeyField.Hash] = key.Hash.ToAttribute();
        item[Field.CreatedAt] = key.CreatedAt.ToAttribute();
        item.SetIfAny(KeyField.Tenant, key.TenantId?.Value);
        item.SetIfAny(KeyField.Description, key.Description);
        item.SetIfAny(KeyField.RevokedAt, key.RevokedAt);
        return item;
    }

    /// <summary>An endpoint's item.</summary>
    /// <param name="endpoint">The endpoint.</param>
    /// <param name="incarnation">Its tenant's.</param>
    /// <param name="revision">The routing revision that it comes with; null where none will be asked for.</param>
    /// <param name="firstRevision">That of its version 1; null if it is not known.</param>
    public static Item Write(
        Endpoint endpoint,
        string incarnation,
        long? revision = null,
        long? firstRevision = null
    )
    {
        var item = Keyed(TenantPk(endpoint.Key.TenantId), EndpointSk(endpoint.Key.EndpointId));
        item[EndpointField.Incarnation] = incarnation.ToAttribute();
        item.SetIfAny(EndpointField.Revision, revision);
        item.SetIfAny(EndpointField.FirstRevision, firstRevision);
        item[Field.Version] = endpoint.Version.ToAttribute();
        ReadOnlyMemory<byte> document = EndpointDocument.Write(endpoint);
        item[EndpointField.Document] = document.ToAttribute();
        item.SetIfAny(EndpointField.FailingSince, endpoint.FailingSince);
        item.SetIfAny(Field.DeletedAt, endpoint.DeletedAt);
        if (endpoint.BacklogAction != BacklogAction.None)
        {
            item[EndpointField.BacklogAction] = ((int)endpoint.BacklogAction).ToAttribute();
            item[ListKey] = BacklogList.ToAttribute();
            item[ListSort] = BacklogSort(endpoint.Key, endpoint.BacklogAction).ToAttribute();
        }

        return item;
    }

    public static Tenant ReadTenant(Item item)
    {
        var id = ReadTenantId(item);
        return new Tenant
        {
            Id = id,
            Version = item.Int32(Field.Version),
            Name = item.TextOrNull(TenantField.Name),
            DataKey = new TenantDataKey(id, item.Bytes(TenantField.DataKey)),
            CreatedAt = item.Time(Field.CreatedAt),
            UpdatedAt = item.Time(TenantField.UpdatedAt),
            DeletedAt = item.TimeOrNull(Field.DeletedAt),
        };
    }

    public static ApiKey ReadKey(Item item) =>
        new()
        {
            Id = item.Text(Pk)[KeyPk("").Length..],
            Role = (ApiKeyRole)item.Int32(KeyField.Role),
            TenantId = item.TextOrNull(KeyField.Tenant) is { } tenant
                ? TenantId.Parse(tenant)
                : null,
            Hash = item.Bytes(KeyField.Hash),
            Description = item.TextOrNull(KeyField.Description),
            CreatedAt = item.Time(Field.CreatedAt),
            RevokedAt = item.TimeOrNull(KeyField.RevokedAt),
        };

    public static Endpoint ReadEndpoint(Item item) =>
        EndpointDocument.Read(
            item.Bytes(EndpointField.Document),
            new EndpointKey(ReadTenantId(item), ReadEndpointId(item)),
            item.Int32(Field.Version),
            (BacklogAction)(item.Int64OrNull(EndpointField.BacklogAction) ?? 0),
            item.TimeOrNull(EndpointField.FailingSince),
            item.TimeOrNull(Field.DeletedAt)
        );

    /// <summary>The item of a version that another takes the place of.</summary>
    /// <param name="version">The version.</param>
    /// <param name="incarnation">Its tenant's.</param>
    /// <param name="ttl">Until when it is kept, Unix seconds.</param>
    public static Item WriteSuperseded(EndpointVersion version, string incarnation, long ttl)
    {
        var endpoint = EndpointVersion.Superseded(version.Endpoint);
        var item = Write(endpoint, incarnation, version.Revision, version.FirstRevision);
        item[Pk] = VersionsPk(endpoint.Key.TenantId, incarnation).ToAttribute();
        item[Sk] = VersionSk(endpoint.Key.EndpointId, version.Revision ?? 0).ToAttribute();
        item[EndpointField.Ttl] = ttl.ToAttribute();
        return item;
    }

    /// <summary>An endpoint's item, or that of a superseded version, with its revisions.</summary>
    public static EndpointVersion ReadVersion(Item item) =>
        new(
            ReadEndpoint(item),
            item.Int64OrNull(EndpointField.Revision),
            item.Int64OrNull(EndpointField.FirstRevision)
        );

    /// <summary>Whether something that the tenant's last change began is not done yet.</summary>
    public static bool IsUnfinished(Item tenant) =>
        tenant.ContainsKey(TenantField.Initial) || tenant.ContainsKey(TenantField.Ending);

    /// <summary>Whether an endpoint's item is this tenant's, not one left by an erased one of the same id.</summary>
    public static bool BelongsTo(Item endpoint, Item tenant) =>
        endpoint.TextOrNull(EndpointField.Incarnation)
        == tenant.TextOrNull(TenantField.Incarnation);

    // t#{tenant}, or v#{tenant}#{incarnation}
    private static TenantId ReadTenantId(Item item) => TenantId.Parse(item.Text(Pk).Split('#')[1]);

    // e#ep_…, or ep_…#{revision}
    private static EndpointId ReadEndpointId(Item item)
    {
        var sk = item.Text(Sk);
        var text = sk.StartsWith(EndpointSkPrefix, StringComparison.Ordinal)
            ? sk[EndpointSkPrefix.Length..]
            : sk.Split('#')[0];
        return EndpointId.TryParse(text, out var id)
            ? id
            : throw new InvalidDataException("A stored endpoint's id is not one.");
    }

    private static Item Keyed(string pk, string sk) =>
        new(StringComparer.Ordinal) { [Pk] = pk.ToAttribute(), [Sk] = sk.ToAttribute() };
}
