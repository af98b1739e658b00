using System.Text.Json;
using Amazon.Lambda.Core;
using Amazon.Lambda.RuntimeSupport;
using Amazon.Lambda.Serialization.SystemTextJson;
using Amazon.Lambda.SQSEvents;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using WebhookDelivery.Hosting;

namespace WebhookDelivery.Lambda;

/// <summary>Composes the function that the settings name, and serves its invocations.</summary>
internal static class LambdaHost
{
    /// <summary>The package never changes, so nothing needs to watch its files.</summary>
    private static readonly string[] s_arguments = ["--hostBuilder:reloadConfigOnChange=false"];

    /// <summary>Serves until Lambda ends the process. Returns 1 if it could not start.</summary>
    public static async Task<int> RunAsync()
    {
        WebApplication application;
        LambdaFunction function;
        try
        {
            var builder = WebApplication.CreateSlimBuilder(s_arguments);
            function = FunctionSetting.Read(builder.Configuration);
            application = Build(builder, function);
            if (function == LambdaFunction.Api)
            {
                await ApiFunction.PrepareAsync(application);
            }
        }
        catch (Exception exception)
        {
            // Whatever keeps the function from starting, Lambda shows it to whoever invokes it.
            await StartFailure.ReportAsync(exception);
            return 1;
        }

        await using (application)
        {
            await ServeAsync(application, function);
        }

        return 0;
    }

    private static WebApplication Build(WebApplicationBuilder builder, LambdaFunction function)
    {
        var settings = HostSettings.Read(
            builder.Configuration,
            dataDirectory: null,
            dev: false,
            TimeProvider.System.GetUtcNow(),
            FunctionSetting.Name,
            AdminKeySecret.Name
        );
        if (settings.Storage != StorageEngine.Aws)
        {
            throw new StartException(
                $"{HostSettings.Section}:Storage must be Aws: a function has no disk for a database."
            );
        }

        LineLogging.Use(builder.Logging);
        var services = builder.Services;
        services.AddWebhookDeliveryHost(settings);
        services.AddSingleton<WorkerFunction>();
        services.AddSingleton<DlqProcessorFunction>();
        services.AddSingleton<SweeperFunction>();
        if (function == LambdaFunction.Api)
        {
            services.AddAWSLambdaHosting(LambdaEventSource.HttpApi);
        }

        return builder.Build();
    }

    private static Task ServeAsync(WebApplication application, LambdaFunction function)
    {
        var services = application.Services;
        return function switch
        {
            LambdaFunction.Api => application.RunAsync(),
            LambdaFunction.Worker => RunAsync<SQSEvent, SQSBatchResponse>(
                services.GetRequiredService<WorkerFunction>().HandleAsync
            ),
            LambdaFunction.DlqProcessor => RunAsync<JsonElement, FunctionAnswer>(
                services.GetRequiredService<DlqProcessorFunction>().HandleAsync
            ),
            _ => RunAsync<JsonElement, SweptBody>(
                services.GetRequiredService<SweeperFunction>().HandleAsync
            ),
        };
    }

    private static async Task RunAsync<TInput, TOutput>(
        Func<TInput, ILambdaContext, Task<TOutput>> handler
    )
    {
        using var bootstrap = LambdaBootstrapBuilder
            .Create(handler, new SourceGeneratorLambdaJsonSerializer<LambdaJson>())
            .Build();
        await bootstrap.RunAsync();
    }
}
