namespace WebhookDelivery.Receiver;

/// <summary>
/// Remembers which webhooks were processed. The default keeps them in memory, so that it forgets
/// on restart and is not shared between machines; a database table with the key, both its path
/// and its id, as primary key does both better, best in the transaction of the handler's own writes.
/// </summary>
public interface IReceivedWebhookLog
{
    /// <summary>
    /// Claims a webhook that nobody processes or has processed. Atomic: of concurrent calls one
    /// gets <see cref="WebhookClaim.Claimed"/>. A log shared between processes should let a claim
    /// lapse, after longer than any handler takes, since its holder may have died.
    /// </summary>
    /// <param name="key">The webhook.</param>
    /// <param name="cancellationToken">Ends the wait when the caller is gone.</param>
    /// <returns>What was found.</returns>
    ValueTask<WebhookClaim> ClaimAsync(WebhookKey key, CancellationToken cancellationToken);

    /// <summary>Turns the claim into processed; from now on the webhook is a duplicate. Idempotent.</summary>
    /// <param name="key">The webhook claimed.</param>
    /// <returns>When it is remembered.</returns>
    ValueTask CompleteAsync(WebhookKey key);

    /// <summary>Gives the claim up, so that the next attempt is handled. Idempotent.</summary>
    /// <param name="key">The webhook claimed.</param>
    /// <returns>When it is forgotten.</returns>
    ValueTask ReleaseAsync(WebhookKey key);
}
