namespace WebhookDelivery.Http;

/// <summary>Which of the resolver's threads a name may use.</summary>
internal enum Lane
{
    /// <summary>The name answered quickly when it was last asked.</summary>
    Proven,

    /// <summary>Nothing is known of the name or its zone.</summary>
    New,

    /// <summary>A name of its zone hangs or hung not long ago.</summary>
    Slow,
}
