using WebhookDelivery.Core;

namespace WebhookDelivery.Simulation.Tests;

/// <summary>A time in which the store refuses everything, or everything of one tenant.</summary>
internal sealed record Outage(TimeSpan From, TimeSpan To, TenantId? Tenant);
