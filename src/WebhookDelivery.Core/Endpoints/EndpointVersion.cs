namespace WebhookDelivery.Core;

/// <summary>One version of an endpoint, with what its tenant's routing revision was when it came.</summary>
/// <param name="Endpoint">
/// The endpoint as it was. A superseded version is as <see cref="Superseded"/> leaves it.
/// </param>
/// <param name="Revision">
/// The <see cref="TenantSnapshot.RoutingRevision"/> that it came with: it was in force from there on.
/// Null if it was saved before revisions were kept.
/// </param>
/// <param name="FirstRevision">
/// The <paramref name="Revision"/> of the endpoint's version 1; null if that was saved before revisions
/// were kept.
/// </param>
public sealed record EndpointVersion(Endpoint Endpoint, long? Revision, long? FirstRevision)
{
    /// <summary>Most superseded versions that are kept of an endpoint; the oldest go first.</summary>
    public const int SupersededMax = 100;

    /// <summary>
    /// What is kept of a version once another took its place: what decided where events went, and no
    /// more. Secrets and headers are not in it, so that removing one from an endpoint removes it.
    /// </summary>
    public static Endpoint Superseded(Endpoint endpoint) =>
        new()
        {
            Key = endpoint.Key,
            Version = endpoint.Version,
            Url = endpoint.Url,
            ExternalId = endpoint.ExternalId,
            Operational = endpoint.Operational,
            EventTypes = endpoint.EventTypes,
            Filter = endpoint.Filter,
            Secrets = [],
            Disabled = endpoint.Disabled,
            DisabledReason = endpoint.DisabledReason,
            CreatedAt = endpoint.CreatedAt,
            UpdatedAt = endpoint.UpdatedAt,
            DeletedAt = endpoint.DeletedAt,
        };
}
