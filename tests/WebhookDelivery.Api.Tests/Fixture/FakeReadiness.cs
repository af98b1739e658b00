namespace WebhookDelivery.Api.Tests;

/// <summary>A readiness check that a test can fail.</summary>
internal sealed class FakeReadiness : IReadinessCheck
{
    public Func<string?> Find { get; set; } = () => null;

    public ValueTask<string?> FindFaultAsync(CancellationToken cancellationToken) => new(Find());
}
