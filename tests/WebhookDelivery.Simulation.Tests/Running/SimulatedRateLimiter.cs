using WebhookDelivery.Core;

namespace WebhookDelivery.Simulation.Tests;

/// <summary>Counts attempts by the second for all processes; where it cannot count, it lets them go.</summary>
internal sealed class SimulatedRateLimiter(
    Dictionary<(EndpointKey, DateTimeOffset), int> windows,
    IStoreLink link
) : ISharedRateLimiter
{
    public async ValueTask<DateTimeOffset?> TakeAsync(
        EndpointKey endpoint,
        double perSecond,
        DateTimeOffset now,
        CancellationToken cancellationToken
    )
    {
        try
        {
            return await link.CallAsync(
                "take",
                endpoint.TenantId,
                () => Take(endpoint, perSecond, now)
            );
        }
        catch (StoreUnavailableException)
        {
            return null;
        }
    }

    private DateTimeOffset? Take(EndpointKey endpoint, double perSecond, DateTimeOffset now)
    {
        var second = DateTimeOffset.FromUnixTimeSeconds(now.ToUnixTimeSeconds());
        var taken = windows.GetValueOrDefault((endpoint, second));
        if (taken >= Math.Max(1, perSecond))
        {
            return second.AddSeconds(1);
        }

        windows[(endpoint, second)] = taken + 1;
        return null;
    }
}
