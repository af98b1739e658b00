using WebhookDelivery.Core;
using static WebhookDelivery.Aws.TenantsTable;
using Item = System.Collections.Generic.Dictionary<string, Amazon.DynamoDBv2.Model.AttributeValue>;

namespace WebhookDelivery.Aws;

/// <summary>
/// The update that replaces what a <see cref="Tenant"/> says, and leaves what else its item holds.
/// </summary>
internal static class TenantUpdate
{
    /// <summary>The expression, without its verbs, and what it refers to.</summary>
    public static (
        (string Set, string Remove) Update,
        Dictionary<string, string> Names,
        Item Values
    ) Of(Tenant tenant)
    {
        Item values = new(StringComparer.Ordinal)
        {
            [Field.Version] = tenant.Version.ToAttribute(),
            [TenantField.DataKey] = tenant.DataKey.Wrapped.ToAttribute(),
            [Field.CreatedAt] = tenant.CreatedAt.ToAttribute(),
            [TenantField.UpdatedAt] = tenant.UpdatedAt.ToAttribute(),
        };
        values.SetIfAny(TenantField.Name, tenant.Name);
        if (tenant.DeletedAt is { } deletedAt)
        {
            values[Field.DeletedAt] = deletedAt.ToAttribute();
            values[TenantField.Ending] = new() { BOOL = true };
        }

        List<string> removed =
        [
            .. new[] { TenantField.Name, Field.DeletedAt }.Where(name => !values.ContainsKey(name)),
        ];
        var names = DynamoItem.Names([.. values.Keys, .. removed]);
        return (
            (
                string.Join(", ", values.Keys.Select(name => $"#{name} = :{name}")),
                string.Join(", ", removed.Select(name => $"#{name}"))
            ),
            names,
            values.ToDictionary(each => $":{each.Key}", each => each.Value, StringComparer.Ordinal)
        );
    }
}
