namespace WebhookDelivery.Core;

/// <summary>What a receiver asks for by the response header <c>webhook-delivery</c>.</summary>
[Flags]
public enum ReceiverDirectives
{
    /// <summary>Nothing.</summary>
    None = 0,

    /// <summary>Disable the endpoint, whatever the status; the delivery goes its normal way.</summary>
    Disable = 1,

    /// <summary>
    /// Never attempt this delivery again: it is dead-lettered at once. On a 2xx it means nothing.
    /// </summary>
    AbortMessage = 2,
}
