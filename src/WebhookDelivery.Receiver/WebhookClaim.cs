namespace WebhookDelivery.Receiver;

/// <summary>What <see cref="IReceivedWebhookLog.ClaimAsync"/> found.</summary>
public enum WebhookClaim
{
    /// <summary>The webhook is new, or its last handling failed; the caller holds it now.</summary>
    Claimed = 0,

    /// <summary>Another request is handling it.</summary>
    InProgress,

    /// <summary>It has been processed: this is a duplicate.</summary>
    AlreadyProcessed,
}
