namespace WebhookDelivery.Api;

/// <summary>
/// One condition for taking traffic. Register any number; <c>GET /health/ready</c> asks all of them.
/// Thread-safe; changes nothing.
/// </summary>
public interface IReadinessCheck
{
    /// <summary>
    /// Null if the condition holds; otherwise a sentence for operators. It is shown without
    /// authentication, so it must tell nothing of tenants, addresses or secrets.
    /// </summary>
    /// <param name="cancellationToken">Cancelled when the caller hangs up.</param>
    ValueTask<string?> FindFaultAsync(CancellationToken cancellationToken);
}
