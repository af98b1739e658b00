using Microsoft.Extensions.Logging;
using WebhookDelivery.Core;

namespace WebhookDelivery.Http;

/// <summary>Logs what one endpoint's breaker does.</summary>
/// <param name="logger">Where to.</param>
/// <param name="endpoint">Whose breaker it is.</param>
internal sealed class BreakerLog(ILogger logger, EndpointKey endpoint)
{
    public void Opened(TimeSpan breakDuration) =>
        Log.BreakerOpened(
            logger,
            endpoint.TenantId,
            endpoint.EndpointId,
            breakDuration.TotalSeconds
        );

    public void Closed() => Log.BreakerClosed(logger, endpoint.TenantId, endpoint.EndpointId);
}
