using Amazon.SimpleSystemsManagement;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using WebhookDelivery.Api;
using WebhookDelivery.Core;
using WebhookDelivery.Hosting;

namespace WebhookDelivery.Lambda;

/// <summary>The HTTP API behind an API Gateway HTTP API.</summary>
internal static class ApiFunction
{
    /// <summary>
    /// Sees to the secrets and the operator key, and maps the routes. It alone does the former: it is
    /// the first to seal what the others open, and they need fewer permissions without it.
    /// </summary>
    /// <exception cref="StartException">It cannot start, for a reason that an operator can mend.</exception>
    public static async Task PrepareAsync(WebApplication application)
    {
        var services = application.Services;
        HostStart.Prepare(services);
        await ActivatorUtilities
            .CreateInstance<OperatorKeys>(services)
            .AcceptAsync(await FindAdminKeyAsync(application), CancellationToken.None);
        application.Use(
            (context, next) =>
            {
                GatewayHeaders.Join(context.Request.Headers);
                return next(context);
            }
        );
        var statistics = services.GetRequiredService<StatisticsFlusher>();
        application.Use(
            async (context, next) =>
            {
                // Before the answer is given back: after that the process stands still.
                await next(context);
                await statistics.EndInvocationAsync(isBusy: true, CancellationToken.None);
            }
        );
        application.UseWebhookDeliveryApi();
        application.MapWebhookDeliveryApi();
    }

    private static async Task<ApiKey?> FindAdminKeyAsync(WebApplication application)
    {
        var settings = application.Services.GetRequiredService<HostSettings>();
        if (AdminKeySecret.ParameterOf(application.Configuration, settings) is not { } parameter)
        {
            return settings.AdminKey;
        }

        // Needed once: nothing else asks SSM.
        using var ssm = new AmazonSimpleSystemsManagementClient(AdminKeySecret.ClientConfig());
        return await ActivatorUtilities
            .CreateInstance<AdminKeySecret>(application.Services, ssm)
            .ReadAsync(parameter, CancellationToken.None);
    }
}
