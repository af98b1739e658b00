namespace WebhookDelivery.Core;

/// <summary>
/// Why an attempt or a delivery ended as it did. Stable: stored by number and shown by name
/// (<see cref="ReasonCodes.ToCode"/>); never reuse or renumber.
/// </summary>
public enum ReasonCode
{
    /// <summary>The receiver answered 2xx.</summary>
    Delivered = 0,

    /// <summary>A status other than 2xx, 410 or a throttling one; 3xx is never followed.</summary>
    HttpStatus = 1,

    /// <summary>429, or 503 with Retry-After.</summary>
    Throttled = 2,

    /// <summary>410: the endpoint is disabled and the delivery dead-lettered.</summary>
    EndpointGone = 3,

    /// <summary>The total deadline passed before the status line.</summary>
    Timeout = 4,

    /// <summary>Refused, reset or unreachable.</summary>
    ConnectFailed = 5,

    /// <summary>The host name did not resolve.</summary>
    DnsFailed = 6,

    /// <summary>The TLS handshake or the certificate failed.</summary>
    TlsFailed = 7,

    /// <summary>What came back was not an HTTP response within limits.</summary>
    BadResponse = 8,

    /// <summary>The host resolves to an address that is not allowed.</summary>
    BlockedAddress = 9,

    /// <summary>Parked: the endpoint was disabled when the delivery fell due.</summary>
    EndpointDisabled = 10,

    /// <summary>Cancelled: the endpoint was deleted.</summary>
    EndpointDeleted = 11,

    /// <summary>Cancelled by request.</summary>
    Cancelled = 12,

    /// <summary>The delivery could not be processed at all, several times over.</summary>
    Poison = 13,

    /// <summary>
    /// The receiver answered other than 2xx, and that it never wants this delivery again: dead-lettered.
    /// </summary>
    Aborted = 14,

    /// <summary>The endpoint was disabled because its receiver asked for it.</summary>
    DisabledByReceiver = 15,

    /// <summary>The endpoint was disabled: for too long nothing but failures came back.</summary>
    Failing = 16,
}
