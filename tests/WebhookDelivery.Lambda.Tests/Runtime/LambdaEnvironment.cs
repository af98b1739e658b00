namespace WebhookDelivery.Lambda.Tests;

/// <summary>
/// Makes this process look as if Lambda had started it, until disposed. Its variables belong to the
/// whole process: tests that use it share a collection, and so run one after the other.
/// </summary>
internal sealed class LambdaEnvironment : IDisposable
{
    /// <summary>The collection of the tests that need it.</summary>
    public const string Collection = "Lambda's environment";

    private const string AddressVariable = "AWS_LAMBDA_RUNTIME_API";
    private const string NameVariable = "AWS_LAMBDA_FUNCTION_NAME";

    public LambdaEnvironment(string runtimeApi)
    {
        Environment.SetEnvironmentVariable(AddressVariable, runtimeApi);
        Environment.SetEnvironmentVariable(NameVariable, "webhooks");
    }

    public void Dispose()
    {
        Environment.SetEnvironmentVariable(AddressVariable, null);
        Environment.SetEnvironmentVariable(NameVariable, null);
    }
}
