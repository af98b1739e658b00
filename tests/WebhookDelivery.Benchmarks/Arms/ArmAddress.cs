namespace WebhookDelivery.Benchmarks;

/// <summary>Where an arm that listens can be reached, on the loopback.</summary>
internal sealed record ArmAddress(int Port);
