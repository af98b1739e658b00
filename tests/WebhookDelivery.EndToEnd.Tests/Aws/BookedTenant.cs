namespace WebhookDelivery.EndToEnd.Tests;

/// <summary>A tenant whose receivers book what they get.</summary>
/// <param name="User">Its system.</param>
/// <param name="Endpoints">The names under which its receivers book.</param>
public sealed record BookedTenant(TenantUser User, IReadOnlyList<string> Endpoints);
