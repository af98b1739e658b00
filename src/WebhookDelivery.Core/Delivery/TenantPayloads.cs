namespace WebhookDelivery.Core;

/// <summary>
/// One tenant's part of the payload budget. Held back while its attempts wait for bytes: it needs more
/// to be free than it has.
/// </summary>
internal sealed class TenantPayloads(TenantId id) : HeldBack
{
    public TenantId Id { get; } = id;

    public long Bytes { get; set; }

    /// <summary>Who waits for bytes, longest first.</summary>
    public LinkedList<TaskCompletionSource> Waiting { get; } = new();
}
