namespace WebhookDelivery.Core;

/// <summary>What came of wrapping every tenant's data key under the current master key.</summary>
public abstract record MasterKeyRotationResult
{
    private MasterKeyRotationResult() { }

    /// <summary>Every data key opens under the current master key, as was checked, and none under another.</summary>
    /// <param name="Tenants">How many there are.</param>
    /// <param name="Replaced">How many of them had to be wrapped anew.</param>
    public sealed record Done(int Tenants, int Replaced) : MasterKeyRotationResult;

    /// <summary>Some data keys open under none of the keys at hand; nothing was changed.</summary>
    /// <param name="Tenants">How many tenants there are.</param>
    /// <param name="Unopened">Whose data keys these are, by id; tenants being erased are not among them.</param>
    public sealed record KeyMissing(int Tenants, IReadOnlyList<TenantId> Unopened)
        : MasterKeyRotationResult;
}
