using WebhookDelivery.Signatures;

namespace WebhookDelivery.Core;

/// <summary>What came of a change to an endpoint.</summary>
public abstract record EndpointResult
{
    private EndpointResult() { }

    /// <summary>It is done.</summary>
    /// <param name="Endpoint">The endpoint as it is now.</param>
    /// <param name="Secret">Its current secret, to be shown only where it was just made or set.</param>
    public sealed record Done(Endpoint Endpoint, SigningSecret Secret) : EndpointResult
    {
        /// <summary>Whether it was just created, where it could have been either; else false.</summary>
        public bool IsNew { get; init; }
    }

    /// <summary>The tenant has no such endpoint.</summary>
    public sealed record NotFound : EndpointResult;

    /// <summary>Another endpoint of the tenant has the external id.</summary>
    public sealed record ExternalIdInUse : EndpointResult;

    /// <summary>The endpoint is there, and no secret of it that signs is the one given.</summary>
    public sealed record SecretIsSet : EndpointResult;

    /// <summary>The endpoint is there, and is not what <see cref="Endpoint.Operational"/> was to be.</summary>
    public sealed record OperationalIsSet : EndpointResult;

    /// <summary>The tenant has as many endpoints as it may.</summary>
    /// <param name="EndpointsMax">How many that is.</param>
    public sealed record LimitReached(int EndpointsMax) : EndpointResult;

    /// <summary>The tenant has deleted as many endpoints as it may for now.</summary>
    /// <param name="DeletedMax">How many that is.</param>
    /// <param name="Within">In which time.</param>
    public sealed record TooManyDeleted(int DeletedMax, TimeSpan Within) : EndpointResult;

    /// <summary>The endpoint has as many live secrets as it may; one must expire first.</summary>
    /// <param name="SecretsMax">How many that is.</param>
    public sealed record TooManySecrets(int SecretsMax) : EndpointResult;
}
