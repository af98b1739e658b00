namespace WebhookDelivery.Http;

/// <summary>What the policy says of an endpoint's URL.</summary>
public abstract record EndpointUrlVerdict
{
    private EndpointUrlVerdict() { }

    /// <summary>It may be used.</summary>
    /// <param name="Url">The URL, parsed.</param>
    public sealed record Accepted(Uri Url) : EndpointUrlVerdict;

    /// <summary>It may not be used.</summary>
    /// <param name="Fault">Why not, in a sentence that can be shown to the tenant.</param>
    public sealed record Refused(string Fault) : EndpointUrlVerdict;
}
