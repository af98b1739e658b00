using Microsoft.AspNetCore.Http;
using WebhookDelivery.Signatures;

namespace WebhookDelivery.Receiver;

/// <summary>
/// Where the secrets come from. The default reads <see cref="WebhookReceiverOptions.Secrets"/>,
/// anew when the configuration is reloaded; register another to keep them in a vault, or to have
/// different secrets for different routes.
/// </summary>
public interface IWebhookSecretSource
{
    /// <summary>
    /// Gives the secrets accepted for a request that is not verified yet. Changes nothing, and is
    /// called once per request: keep the instances, which hold precomputed hash states.
    /// </summary>
    /// <param name="context">The request; its headers and route values prove nothing.</param>
    /// <param name="cancellationToken">Ends the wait when the caller is gone.</param>
    /// <returns>The secrets; none answers the request with 503.</returns>
    ValueTask<IReadOnlyList<SigningSecret>> GetSecretsAsync(
        HttpContext context,
        CancellationToken cancellationToken
    );
}
