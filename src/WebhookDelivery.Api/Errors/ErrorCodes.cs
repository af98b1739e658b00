namespace WebhookDelivery.Api;

/// <summary>Every error that the API can answer with. The codes are a contract: never rename one.</summary>
internal static class ErrorCodes
{
    public static readonly ErrorCode BadRequest = new(
        "bad_request",
        400,
        "The request is not valid HTTP."
    );

    public static readonly ErrorCode InvalidJson = new(
        "invalid_json",
        400,
        "The body is not the JSON object that is expected."
    );

    public static readonly ErrorCode ValidationFailed = new(
        "validation_failed",
        400,
        "Parts of the request are not valid."
    );

    public static readonly ErrorCode InvalidCursor = new(
        "invalid_cursor",
        400,
        "The cursor does not belong to this list."
    );

    public static readonly ErrorCode InvalidPayload = new(
        "invalid_payload",
        400,
        "The payload is not a JSON object."
    );

    public static readonly ErrorCode InvalidEventType = new(
        "invalid_event_type",
        400,
        "The event type is not valid."
    );

    public static readonly ErrorCode InvalidIdempotencyKey = new(
        "invalid_idempotency_key",
        400,
        "The idempotency key is not valid."
    );

    public static readonly ErrorCode Unauthorized = new(
        "unauthorized",
        401,
        "A valid API key is required."
    );

    public static readonly ErrorCode Forbidden = new(
        "forbidden",
        403,
        "This API key may not do this."
    );

    public static readonly ErrorCode NotFound = new("not_found", 404, "There is no such thing.");

    public static readonly ErrorCode MethodNotAllowed = new(
        "method_not_allowed",
        405,
        "The method is not allowed here."
    );

    public static readonly ErrorCode RequestTimeout = new(
        "request_timeout",
        408,
        "The request took too long to arrive."
    );

    public static readonly ErrorCode TenantExists = new(
        "tenant_exists",
        409,
        "The tenant id is in use."
    );

    public static readonly ErrorCode EndpointLimitReached = new(
        "endpoint_limit_reached",
        409,
        "The tenant has as many endpoints as it may."
    );

    public static readonly ErrorCode ExternalIdInUse = new(
        "external_id_in_use",
        409,
        "Another endpoint has this external id."
    );

    public static readonly ErrorCode SecretLimitReached = new(
        "secret_limit_reached",
        409,
        "The endpoint has as many live secrets as it may."
    );

    public static readonly ErrorCode ApiKeyLimitReached = new(
        "api_key_limit_reached",
        409,
        "The tenant has as many API keys as it may."
    );

    public static readonly ErrorCode RedeliveryLimitReached = new(
        "redelivery_limit_reached",
        409,
        "The delivery has been started anew as often as it may be."
    );

    public static readonly ErrorCode NothingToDeliver = new(
        "nothing_to_deliver",
        409,
        "There is nothing to deliver again."
    );

    public static readonly ErrorCode RecoveryLimitReached = new(
        "recovery_limit_reached",
        409,
        "The endpoint has as many recoveries running as it may."
    );

    public static readonly ErrorCode RecoveryNotStoppable = new(
        "recovery_not_stoppable",
        409,
        "The recovery ends by itself."
    );

    public static readonly ErrorCode NothingToCancel = new(
        "nothing_to_cancel",
        409,
        "There is nothing left to cancel."
    );

    public static readonly ErrorCode PayloadTooLarge = new(
        "payload_too_large",
        413,
        "The body is too large."
    );

    public static readonly ErrorCode UnsupportedMediaType = new(
        "unsupported_media_type",
        415,
        "The body must be JSON in UTF-8."
    );

    public static readonly ErrorCode IdempotencyKeyReused = new(
        "idempotency_key_reused",
        422,
        "The idempotency key stands for another request."
    );

    public static readonly ErrorCode InternalError = new(
        "internal_error",
        500,
        "Something went wrong on our side."
    );

    public static readonly ErrorCode Overloaded = new(
        "overloaded",
        503,
        "The service cannot take the request now."
    );

    public static readonly ErrorCode NotReady = new("not_ready", 503, "The service is not ready.");

    /// <summary>All of them, by status.</summary>
    public static IReadOnlyList<ErrorCode> All { get; } =
    [
        BadRequest,
        InvalidJson,
        ValidationFailed,
        InvalidCursor,
        InvalidPayload,
        InvalidEventType,
        InvalidIdempotencyKey,
        Unauthorized,
        Forbidden,
        NotFound,
        MethodNotAllowed,
        RequestTimeout,
        TenantExists,
        EndpointLimitReached,
        ExternalIdInUse,
        SecretLimitReached,
        ApiKeyLimitReached,
        RedeliveryLimitReached,
        NothingToDeliver,
        RecoveryLimitReached,
        RecoveryNotStoppable,
        NothingToCancel,
        PayloadTooLarge,
        UnsupportedMediaType,
        IdempotencyKeyReused,
        InternalError,
        Overloaded,
        NotReady,
    ];
}
