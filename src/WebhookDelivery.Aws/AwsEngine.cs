namespace WebhookDelivery.Aws;

/// <summary>The engine as a host sees it.</summary>
public sealed class AwsEngine
{
    private readonly AwsEngineOptions _options;
    private readonly AwsProvisioning _provisioning;

    internal AwsEngine(AwsEngineOptions options, AwsProvisioning provisioning)
    {
        _options = options;
        _provisioning = provisioning;
    }

    /// <summary>
    /// Makes the tables, queues and bucket that are missing, where <see cref="AwsEngineOptions.CreateMissing"/>
    /// says so. Call it before anything else is asked of the engine. Idempotent.
    /// </summary>
    /// <exception cref="Core.StoreUnavailableException">AWS refused.</exception>
    public async Task PrepareAsync(CancellationToken cancellationToken)
    {
        if (_options.CreateMissing)
        {
            await _provisioning.CreateMissingAsync(_options, cancellationToken);
        }
    }
}
