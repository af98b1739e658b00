using WebhookDelivery.Signatures;

namespace WebhookDelivery.Core;

/// <summary>A secret of one of the tenant's endpoints.</summary>
/// <param name="EndpointId">Whose it is.</param>
/// <param name="Secret">The secret.</param>
/// <param name="ExpiresAt">When it stops signing, or stopped; null for the current one.</param>
internal sealed record KnownSecret(
    EndpointId EndpointId,
    SigningSecret Secret,
    DateTimeOffset? ExpiresAt
)
{
    /// <summary>Whether it signed at a time, the present or one before: that it is retired by now says nothing of then.</summary>
    public bool IsLiveAt(DateTimeOffset time) => ExpiresAt is not { } end || end > time;

    /// <summary>Those of an endpoint that may be used now, the current one first.</summary>
    public static IEnumerable<KnownSecret> Of(
        OpenedEndpoint endpoint,
        DateTimeOffset now,
        EndpointOptions options
    ) =>
        endpoint
            .KeptSecrets.Where(each =>
                each.ExpiresAt is not { } end || end > now - options.ExpiredSecretsKeptFor
            )
            .Select(each => new KnownSecret(
                endpoint.Endpoint.Key.EndpointId,
                each.Secret,
                each.ExpiresAt
            ));
}
