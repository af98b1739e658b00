namespace Microsoft.Extensions.DependencyInjection;

/// <summary>What sends the function its HTTP requests.</summary>
public enum LambdaEventSource
{
    /// <summary>An API Gateway HTTP API, payload format 2.0.</summary>
    HttpApi = 1,
}
