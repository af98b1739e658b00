using Amazon.Lambda.AspNetCoreServer;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Runs ASP.NET Core applications as Lambda functions.</summary>
public static class ServiceCollectionExtensions
{
    /// <summary>
    /// Replaces the web server by one that takes its requests from Lambda; does nothing in a process
    /// that Lambda did not start.
    /// </summary>
    /// <param name="services">The application's services.</param>
    /// <param name="eventSource">What sends the requests.</param>
    /// <returns><paramref name="services"/>.</returns>
    public static IServiceCollection AddAWSLambdaHosting(
        this IServiceCollection services,
        LambdaEventSource eventSource
    )
    {
        if (eventSource != LambdaEventSource.HttpApi)
        {
            throw new ArgumentOutOfRangeException(nameof(eventSource), eventSource, null);
        }

        if (Environment.GetEnvironmentVariable("AWS_LAMBDA_FUNCTION_NAME") is { Length: > 0 })
        {
            services.RemoveAll<IServer>();
            services.AddSingleton<IServer, HttpApiServer>();
        }

        return services;
    }
}
