namespace WebhookDelivery.Core;

/// <summary>Port: says whether a URL may be an endpoint's. Thread-safe; changes nothing.</summary>
public interface IEndpointUrlPolicy
{
    /// <summary>
    /// Judges form, scheme, port and, by resolving the host, address. Null if the URL is allowed;
    /// otherwise a sentence for the tenant that tells nothing of the network behind it. A host that
    /// does not resolve now is allowed: it is judged again whenever a connection is made.
    /// </summary>
    ValueTask<string?> FindFaultAsync(string url, CancellationToken cancellationToken);
}
