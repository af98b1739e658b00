using WebhookDelivery.Core;
using static WebhookDelivery.Aws.TenantsTable;
using Item = System.Collections.Generic.Dictionary<string, Amazon.DynamoDBv2.Model.AttributeValue>;

namespace WebhookDelivery.Aws;

/// <summary>
/// Lets no two endpoints of a tenant have the same external id, without a transaction: an item says
/// which endpoint has it. An endpoint with an external id is stored first and exists only once that
/// item names it, so that a crash in between leaves nothing that anybody can see. The item stays when
/// its endpoint is deleted; the next one takes it over.
/// </summary>
internal sealed class ExternalIdClaims(TenantsTableCalls calls)
{
    /// <summary>The item that gives an endpoint its external id; null if it has none.</summary>
    public static Item? Write(Endpoint endpoint, string incarnation) =>
        endpoint.ExternalId is { } externalId
            ? new(StringComparer.Ordinal)
            {
                [Pk] = TenantPk(endpoint.Key.TenantId).ToAttribute(),
                [Sk] = ClaimSk(externalId).ToAttribute(),
                [EndpointField.Incarnation] = incarnation.ToAttribute(),
                [ClaimField.Endpoint] = endpoint.Key.EndpointId.ToString().ToAttribute(),
            }
            : null;

    /// <summary>Whether an endpoint that is not deleted exists, by the claims of its tenant's partition.</summary>
    public static bool Exists(Endpoint endpoint, IReadOnlyDictionary<string, string> holders) =>
        endpoint.ExternalId is not { } externalId
        || (
            holders.TryGetValue(externalId, out var holder)
            && holder == endpoint.Key.EndpointId.ToString()
        );

    /// <summary>Which endpoint has each external id, of the items of a tenant's partition.</summary>
    public static IReadOnlyDictionary<string, string> Holders(List<Item> items, Item tenant) =>
        items
            .Where(item => IsClaim(item) && TenantItems.BelongsTo(item, tenant))
            .ToDictionary(
                item => item.Text(Sk)[ClaimSkPrefix.Length..],
                item => item.Text(ClaimField.Endpoint),
                StringComparer.Ordinal
            );

    public static bool IsClaim(Item item) =>
        item.Text(Sk).StartsWith(ClaimSkPrefix, StringComparison.Ordinal);

    /// <summary>
    /// Gives a stored endpoint its external id; false, changing nothing, if one that is not deleted
    /// has it. Idempotent.
    /// </summary>
    public async Task<bool> TryClaimAsync(
        Endpoint endpoint,
        Item tenant,
        CancellationToken cancellationToken
    )
    {
        if (Write(endpoint, tenant.Text(TenantField.Incarnation)) is not { } claim)
        {
            return true;
        }

        var (condition, seen) = ($"attribute_not_exists(#{Pk})", default(Item));
        while (!await TryPutAsync(claim, condition, seen, tenant, cancellationToken))
        {
            seen = await calls.GetAsync(claim.Text(Pk), claim.Text(Sk), cancellationToken);
            if (seen is not null && await IsHeldAsync(seen, tenant, cancellationToken))
            {
                return seen.Text(ClaimField.Endpoint) == claim.Text(ClaimField.Endpoint);
            }

            condition = seen is null
                ? $"attribute_not_exists(#{Pk})"
                : $"#{ClaimField.Endpoint} = :seen";
        }

        return true;
    }

    /// <summary>Whether an endpoint that is not deleted exists; asks only if it has an external id.</summary>
    public async Task<bool> ExistsAsync(Endpoint endpoint, CancellationToken cancellationToken) =>
        endpoint.ExternalId is not { } externalId
        || endpoint.DeletedAt is not null
        || await calls.GetAsync(
            TenantPk(endpoint.Key.TenantId),
            ClaimSk(externalId),
            cancellationToken
        )
            is { } claim
            && claim.Text(ClaimField.Endpoint) == endpoint.Key.EndpointId.ToString();

    private Task<bool> TryPutAsync(
        Item claim,
        string condition,
        Item? seen,
        Item tenant,
        CancellationToken cancellationToken
    )
    {
        var values = new Item(StringComparer.Ordinal)
        {
            [":life"] = tenant[TenantField.Incarnation],
        };
        if (seen is not null)
        {
            values[":seen"] = seen[ClaimField.Endpoint];
        }

        return calls.TryPutAsync(
            claim,
            // One that an erased tenant of the same id left behind is in nobody's way.
            $"{condition} OR #{EndpointField.Incarnation} <> :life",
            seen is null
                ? DynamoItem.Names(Pk, EndpointField.Incarnation)
                : DynamoItem.Names(ClaimField.Endpoint, EndpointField.Incarnation),
            values,
            cancellationToken
        );
    }

    private async Task<bool> IsHeldAsync(
        Item claim,
        Item tenant,
        CancellationToken cancellationToken
    )
    {
        var holder = await calls.GetAsync(
            claim.Text(Pk),
            $"{EndpointSkPrefix}{claim.Text(ClaimField.Endpoint)}",
            cancellationToken
        );
        return holder is not null
            && TenantItems.BelongsTo(holder, tenant)
            && !holder.ContainsKey(Field.DeletedAt);
    }
}
