namespace WebhookDelivery.Core;

/// <summary>A header that is not as it was signed.</summary>
internal enum AlteredHeader
{
    /// <summary>None.</summary>
    None,

    /// <summary>The webhook id.</summary>
    Id,

    /// <summary>The timestamp.</summary>
    Timestamp,
}
