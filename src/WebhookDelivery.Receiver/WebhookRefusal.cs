using Microsoft.AspNetCore.Http;
using WebhookDelivery.Signatures;

namespace WebhookDelivery.Receiver;

/// <summary>
/// Why a request was not answered 2xx. It is sent as <c>application/problem+json</c>, and left in
/// <see cref="HttpContext.Features"/> for middleware that counts or logs refusals.
/// </summary>
/// <param name="StatusCode">The HTTP status.</param>
/// <param name="Code">The stable code, one of this type's constants.</param>
/// <param name="Detail">A sentence; never holds a secret or what the sender put into a header.</param>
public sealed record WebhookRefusal(int StatusCode, string Code, string Detail)
{
    /// <summary>401: a signature header is needed and absent.</summary>
    public const string SignatureMissing = "signature_missing";

    /// <summary>401: no signature fits the secrets and the bytes.</summary>
    public const string SignatureMismatch = "signature_mismatch";

    /// <summary>401: the signed timestamp is too far from now.</summary>
    public const string TimestampOutOfTolerance = "timestamp_out_of_tolerance";

    /// <summary>400: the id or the timestamp header is absent.</summary>
    public const string HeaderMissing = "header_missing";

    /// <summary>400: a header is not of its form.</summary>
    public const string HeaderMalformed = "header_malformed";

    /// <summary>413: the payload is above <see cref="WebhookReceiverOptions.PayloadBytesMax"/>.</summary>
    public const string PayloadTooLarge = "payload_too_large";

    /// <summary>503: no secret is known yet.</summary>
    public const string SecretUnknown = "secret_unknown";

    /// <summary>409: an earlier delivery of the same webhook is still being handled.</summary>
    public const string InProgress = "in_progress";

    /// <summary>The handler threw, or returned a failure, whose status this has.</summary>
    public const string HandlerFailed = "handler_failed";

    /// <summary>The wait asked for by <c>Retry-After</c>, or <see langword="null"/>.</summary>
    public TimeSpan? RetryAfter { get; init; }

    internal static WebhookRefusal NoSecret { get; } =
        new(StatusCodes.Status503ServiceUnavailable, SecretUnknown, "No secret is known yet.")
        {
            RetryAfter = TimeSpan.FromMinutes(1),
        };

    // 409 and not 503: nothing is unwell here, and proxies retry a 503 at once or take the
    // server out of rotation.
    internal static WebhookRefusal StillInProgress { get; } =
        new(
            StatusCodes.Status409Conflict,
            InProgress,
            "An earlier delivery of this webhook is still being handled."
        )
        {
            RetryAfter = TimeSpan.FromSeconds(10),
        };

    internal static WebhookRefusal TooLarge(int payloadBytesMax) =>
        new(
            StatusCodes.Status413PayloadTooLarge,
            PayloadTooLarge,
            $"The payload is larger than {payloadBytesMax} bytes."
        );

    internal static WebhookRefusal Handler(int statusCode, TimeSpan? retryAfter = null) =>
        new(statusCode, HandlerFailed, "The webhook was not processed.")
        {
            RetryAfter = retryAfter,
        };

    internal static WebhookRefusal From(VerificationResult result) =>
        result switch
        {
            VerificationResult.MissingHeader { Header: var header } => Missing(header),
            VerificationResult.MalformedHeader malformed => new(
                StatusCodes.Status400BadRequest,
                HeaderMalformed,
                $"{malformed.Header} is malformed: {malformed.Problem}"
            ),
            VerificationResult.TimestampOutOfTolerance late => new(
                StatusCodes.Status401Unauthorized,
                TimestampOutOfTolerance,
                $"The time in {late.Header} is too far from now ({late.Now:yyyy-MM-ddTHH:mm:ssZ})."
            ),
            VerificationResult.NoMatch { Header: var header } => new(
                StatusCodes.Status401Unauthorized,
                SignatureMismatch,
                $"No signature in {header} fits the secret and the bytes received."
            ),
            _ => throw new InvalidOperationException("A verified request is no refusal."),
        };

    private static WebhookRefusal Missing(string header) =>
        header
            is StandardWebhooksSignature.IdHeaderName
                or StandardWebhooksSignature.TimestampHeaderName
            ? new(StatusCodes.Status400BadRequest, HeaderMissing, $"{header} is missing.")
            : new(StatusCodes.Status401Unauthorized, SignatureMissing, $"{header} is missing.");
}
