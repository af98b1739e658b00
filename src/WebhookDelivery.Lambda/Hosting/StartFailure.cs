using System.Runtime.ExceptionServices;
using System.Text.Json;
using Amazon.Lambda.Core;
using Amazon.Lambda.RuntimeSupport;
using Amazon.Lambda.Serialization.SystemTextJson;

namespace WebhookDelivery.Lambda;

/// <summary>Tells Lambda why the function cannot start.</summary>
internal static class StartFailure
{
    /// <summary>
    /// Reports it the only way that the bootstrap offers: as the exception of an initializer, which it
    /// logs, sends and throws again.
    /// </summary>
    public static async Task ReportAsync(Exception failure)
    {
        using var bootstrap = LambdaBootstrapBuilder
            .Create<JsonElement, JsonElement>(
                NeverAsync,
                new SourceGeneratorLambdaJsonSerializer<LambdaJson>()
            )
            .UseBootstrapHandler(() =>
            {
                ExceptionDispatchInfo.Throw(failure);
                return Task.FromResult(false);
            })
            .Build();
        try
        {
            await bootstrap.RunAsync();
        }
        catch (Exception exception) when (ReferenceEquals(exception, failure))
        {
            // It is reported.
        }
    }

    private static Task<JsonElement> NeverAsync(JsonElement input, ILambdaContext context) =>
        throw new InvalidOperationException("A function that did not start serves nothing.");
}
