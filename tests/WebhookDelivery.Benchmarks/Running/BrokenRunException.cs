namespace WebhookDelivery.Benchmarks;

/// <summary>A run broke off, or cannot be trusted: what it measured is void.</summary>
internal sealed class BrokenRunException(string message) : Exception(message);
