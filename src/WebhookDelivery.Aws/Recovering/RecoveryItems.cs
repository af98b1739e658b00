using WebhookDelivery.Core;
using static WebhookDelivery.Aws.TenantsTable;
using Item = System.Collections.Generic.Dictionary<string, Amazon.DynamoDBv2.Model.AttributeValue>;

namespace WebhookDelivery.Aws;

/// <summary>Recoveries as items, and back.</summary>
internal static class RecoveryItems
{
    public static Item Write(Recovery recovery)
    {
        var item = new Item(StringComparer.Ordinal)
        {
            [Pk] = RecoveryPk(recovery.Endpoint.TenantId).ToAttribute(),
            [Sk] = RecoverySk(recovery.Endpoint.EndpointId, recovery.Id).ToAttribute(),
            [Field.Version] = recovery.Version.ToAttribute(),
        };
        var list = recovery.FinishedAt is null ? RunningList : FinishedList;
        item[ListKey] = list.ToAttribute();
        item[ListSort] = RecoverySort(recovery.FinishedAt ?? recovery.NextAt, recovery)
            .ToAttribute();
        item[RecoveryField.NextAt] = recovery.NextAt.ToAttribute();
        item.SetIfAny(RecoveryField.FinishedAt, recovery.FinishedAt);
        ReadOnlyMemory<byte> document = RecoveryDocument.Write(recovery);
        item[RecoveryField.Document] = document.ToAttribute();
        return item;
    }

    public static Recovery Read(Item item)
    {
        var sk = item.Text(Sk).Split('#');
        if (
            sk.Length != 2
            || !EndpointId.TryParse(sk[0], out var endpoint)
            || !RecoveryId.TryParse(sk[1], out var id)
        )
        {
            throw new InvalidDataException("A stored recovery's ids are none.");
        }

        return RecoveryDocument.Read(
            item.Bytes(RecoveryField.Document),
            new EndpointKey(TenantId.Parse(item.Text(Pk)[RecoveryPkPrefix.Length..]), endpoint),
            id,
            item.Int64(Field.Version),
            item.Time(RecoveryField.NextAt),
            item.TimeOrNull(RecoveryField.FinishedAt)
        );
    }
}
