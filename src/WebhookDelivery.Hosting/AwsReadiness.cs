using WebhookDelivery.Api;
using WebhookDelivery.Aws;

namespace WebhookDelivery.Hosting;

/// <summary>Ready while the tables can be read; why they cannot stands in the log.</summary>
internal sealed class AwsReadiness(AwsHealth health) : IReadinessCheck
{
    public async ValueTask<string?> FindFaultAsync(CancellationToken cancellationToken) =>
        await health.CheckAsync(cancellationToken)
            ? null
            : "The store does not answer; the log says why.";
}
