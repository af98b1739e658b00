namespace WebhookDelivery.Core;

/// <summary>One custom header of an endpoint: its name in clear, its value sealed.</summary>
/// <param name="Name">As the tenant spelt it.</param>
/// <param name="Value">The sealed value; its version is the endpoint's version that set it.</param>
public sealed record SealedHeader(string Name, SealedValue Value);
