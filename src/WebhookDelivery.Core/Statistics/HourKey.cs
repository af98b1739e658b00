namespace WebhookDelivery.Core;

/// <summary>What counts belong to: an hour of a tenant, or of one of its endpoints.</summary>
/// <param name="TenantId">Whose.</param>
/// <param name="EndpointId">Which endpoint; null for the tenant as a whole.</param>
/// <param name="Hour">When the hour begins, in UTC.</param>
public readonly record struct HourKey(
    TenantId TenantId,
    EndpointId? EndpointId,
    DateTimeOffset Hour
)
{
    /// <summary>The hour that a time falls in.</summary>
    public static DateTimeOffset HourOf(DateTimeOffset time) =>
        new(time.UtcTicks - (time.UtcTicks % TimeSpan.TicksPerHour), TimeSpan.Zero);

    /// <summary>An endpoint's id is random enough: its tenant's text need not be hashed.</summary>
    public override int GetHashCode() =>
        HashCode.Combine(EndpointId?.GetHashCode() ?? TenantId.GetHashCode(), Hour.UtcTicks);
}
