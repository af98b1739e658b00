namespace WebhookDelivery.Core;

/// <summary>What came of one HTTP exchange; never an exception.</summary>
public sealed record AttemptOutcome
{
    /// <summary>Most bytes of a response body that are kept (1 KiB).</summary>
    public const int ResponseExcerptBytesMax = 1024;

    /// <summary>
    /// One of Delivered, HttpStatus, Throttled, EndpointGone, Aborted, Timeout, ConnectFailed, DnsFailed,
    /// TlsFailed, BadResponse, BlockedAddress.
    /// </summary>
    public required ReasonCode Reason { get; init; }

    /// <summary>The HTTP status; null where no status line came.</summary>
    public int? StatusCode { get; init; }

    /// <summary>
    /// The wait that Retry-After asked for, from when the answer came; null unless the reason is
    /// Throttled and it asked.
    /// </summary>
    public TimeSpan? RetryAfter { get; init; }

    /// <summary>From the start of the exchange to the end of the response's head, or its failure.</summary>
    public TimeSpan Duration { get; init; }

    /// <summary>The first bytes of the response body, at most <see cref="ResponseExcerptBytesMax"/>.</summary>
    public ReadOnlyMemory<byte> ResponseExcerpt { get; init; }

    /// <summary>The response's headers, within bounds; none where no response came.</summary>
    public ResponseHeaders ResponseHeaders { get; init; } = ResponseHeaders.None;

    /// <summary>What the receiver asked for; not stored, since it is carried out at once.</summary>
    public ReceiverDirectives Directives { get; init; }
}
