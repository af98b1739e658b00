namespace WebhookDelivery.Core;

/// <summary>
/// What is wrong with a signature, a body or a receiver. In the order in which faults are told: what
/// explains most, and hides others, first; what explains least, last.
/// </summary>
public enum SignatureFaultCode
{
    /// <summary>A header that is needed is absent or empty.</summary>
    MissingHeader = 0,

    /// <summary>A header came more than once, or several were joined into one.</summary>
    DuplicateHeader,

    /// <summary>A header has not its scheme's form.</summary>
    MalformedHeader,

    /// <summary>A signature header has signatures, none of the version that is in use.</summary>
    NoKnownVersion,

    /// <summary>The receiver's secret, or the key it makes of it, is not the one that signs.</summary>
    ReceiverSecretDiffers,

    /// <summary>The body is empty; what was sent was not.</summary>
    BodyEmpty,

    /// <summary>The body is the same JSON as was sent, in other bytes.</summary>
    BodyReserialised,

    /// <summary>The body is not what was sent.</summary>
    BodyChanged,

    /// <summary>The webhook id is not the one that was signed.</summary>
    WrongEventId,

    /// <summary>A timestamp is not the one that was signed.</summary>
    WrongTimestamp,

    /// <summary>It was signed with a secret of this endpoint that has expired.</summary>
    OldSecret,

    /// <summary>It was signed with the secret of another endpoint of the tenant.</summary>
    OtherEndpointSecret,

    /// <summary>The tenant has no such event, or has it no more.</summary>
    UnknownEvent,

    /// <summary>It was signed over this body, if at all, with no secret that the tenant has.</summary>
    UnknownSecret,

    /// <summary>The signature fits nothing, and there is too little to tell why.</summary>
    NoMatch,

    /// <summary>What the receiver computed is not over what is signed, or not written as it is sent.</summary>
    SignedContentWrong,

    /// <summary>The timestamp lies further ahead than the tolerance.</summary>
    TimestampInFuture,

    /// <summary>The timestamp lies further back than the tolerance.</summary>
    TimestampTooOld,
}
