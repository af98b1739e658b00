namespace WebhookDelivery.Benchmarks;

/// <summary>A tenant of a stage as it was made.</summary>
/// <param name="Setup">What was asked for.</param>
/// <param name="ApiKey">Its key.</param>
/// <param name="EndpointIds">Its endpoints, in the order of their receivers.</param>
internal sealed record StagedTenant(
    StageTenant Setup,
    string ApiKey,
    IReadOnlyList<string> EndpointIds
);
