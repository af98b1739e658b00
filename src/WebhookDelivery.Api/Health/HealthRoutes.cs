using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace WebhookDelivery.Api;

/// <summary>GET and HEAD /health/live and /health/ready, without authentication.</summary>
internal sealed class HealthRoutes(
    IEnumerable<IReadinessCheck> checks,
    ILogger<HealthRoutes> logger
)
{
    private readonly IReadinessCheck[] _checks = [.. checks];

    /// <summary>The process answers; that is all it says.</summary>
    public static Task LiveAsync(HttpContext context) => Healthy("live").ExecuteAsync(context);

    /// <summary>200 if every check passes, otherwise 503 with all the faults.</summary>
    public async Task ReadyAsync(HttpContext context)
    {
        var faults = new List<string>();
        foreach (var check in _checks)
        {
            if (await FindFaultAsync(check, context.RequestAborted) is { } fault)
            {
                faults.Add(fault);
            }
        }

        IResult answer =
            faults.Count == 0
                ? Healthy("ready")
                : new Problem(ErrorCodes.NotReady, "See faults for what stands in the way.")
                {
                    Faults = faults,
                };
        await answer.ExecuteAsync(context);
    }

    private async ValueTask<string?> FindFaultAsync(
        IReadinessCheck check,
        CancellationToken cancellationToken
    )
    {
        try
        {
            return await check.FindFaultAsync(cancellationToken);
        }
        catch (Exception exception) when (!cancellationToken.IsCancellationRequested)
        {
            // A check that breaks is a fault like any other, and must not hide the rest.
            ApiLog.ReadinessCheckThrew(logger, check.GetType().Name, exception);
            return "A readiness check failed; the log says why.";
        }
    }

    private static JsonAnswer<HealthBody> Healthy(string status) =>
        new(StatusCodes.Status200OK, new HealthBody(status), ApiJson.Instance.HealthBody);
}
