namespace WebhookDelivery.Core;

/// <summary>The names that the API gives to signature faults.</summary>
public static class SignatureFaultCodes
{
    /// <summary>The stable name, such as <c>body_reserialised</c>.</summary>
    public static string ToCode(this SignatureFaultCode code) =>
        code switch
        {
            SignatureFaultCode.MissingHeader => "missing_header",
            SignatureFaultCode.DuplicateHeader => "duplicate_header",
            SignatureFaultCode.MalformedHeader => "malformed_header",
            SignatureFaultCode.NoKnownVersion => "no_known_version",
            SignatureFaultCode.ReceiverSecretDiffers => "receiver_secret_differs",
            SignatureFaultCode.BodyEmpty => "body_empty",
            SignatureFaultCode.BodyReserialised => "body_reserialised",
            SignatureFaultCode.BodyChanged => "body_changed",
            SignatureFaultCode.WrongEventId => "wrong_event_id",
            SignatureFaultCode.WrongTimestamp => "wrong_timestamp",
            SignatureFaultCode.OldSecret => "old_secret",
            SignatureFaultCode.OtherEndpointSecret => "other_endpoint_secret",
            SignatureFaultCode.UnknownEvent => "unknown_event",
            SignatureFaultCode.UnknownSecret => "unknown_secret",
            SignatureFaultCode.NoMatch => "no_match",
            SignatureFaultCode.SignedContentWrong => "signed_content_wrong",
            SignatureFaultCode.TimestampInFuture => "timestamp_in_future",
            SignatureFaultCode.TimestampTooOld => "timestamp_too_old",
            _ => throw new ArgumentOutOfRangeException(nameof(code), code, "Unknown fault."),
        };
}
