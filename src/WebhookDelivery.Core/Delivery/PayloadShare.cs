namespace WebhookDelivery.Core;

/// <summary>What one attempt has of the payload budget, until it is disposed. Not thread-safe.</summary>
internal sealed class PayloadShare(PayloadBudget budget, TenantPayloads tenant, long bytes)
    : IDisposable
{
    private long _bytes = bytes;

    /// <summary>Says how long the payload is: from here on that is what it has.</summary>
    public void Settle(long length)
    {
        budget.Change(tenant, length - _bytes);
        _bytes = length;
    }

    public void Dispose() => Settle(0);
}
