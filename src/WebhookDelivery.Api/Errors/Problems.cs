using WebhookDelivery.Core;

namespace WebhookDelivery.Api;

/// <summary>The error answers that many routes share, worded once.</summary>
internal static class Problems
{
    public static readonly Problem Unauthorized = new(
        ErrorCodes.Unauthorized,
        "Send the header `Authorization: Bearer <API key>` with a key that is valid."
    );

    public static readonly Problem NeedsTenantKey = new(
        ErrorCodes.Forbidden,
        "This takes a tenant's API key (whk_…); an operator's was sent."
    );

    public static readonly Problem NeedsOperatorKey = new(
        ErrorCodes.Forbidden,
        "This takes an operator's API key (wha_…); a tenant's was sent."
    );

    public static readonly Problem NoRoute = new(
        ErrorCodes.NotFound,
        "There is nothing at this address."
    );

    public static readonly Problem NoEvent = new(ErrorCodes.NotFound, "There is no such event.");

    public static readonly Problem NoDelivery = new(
        ErrorCodes.NotFound,
        "There is no such event, or it has no delivery to this endpoint."
    );

    public static readonly Problem NoEndpoint = new(
        ErrorCodes.NotFound,
        "There is no such endpoint."
    );

    public static readonly Problem NoRecovery = new(
        ErrorCodes.NotFound,
        "There is no such recovery."
    );

    public static readonly Problem NoTenant = new(ErrorCodes.NotFound, "There is no such tenant.");

    public static readonly Problem NoApiKey = new(ErrorCodes.NotFound, "There is no such API key.");

    public static readonly Problem NotJson = new(
        ErrorCodes.UnsupportedMediaType,
        "Send the body as application/json, or another type that ends in +json, in UTF-8 and without content encoding."
    );

    public static readonly Problem Internal = new(
        ErrorCodes.InternalError,
        "The request failed for a reason that is not its own. It has been logged."
    );

    public static Problem TooLarge(int bytesMax) =>
        new(ErrorCodes.PayloadTooLarge, $"The body may have at most {bytesMax} bytes.");

    /// <summary>Says when to come back; why stays in the operator's log.</summary>
    public static Problem Overloaded(StoreUnavailableException exception) =>
        new(
            ErrorCodes.Overloaded,
            "The service cannot store or read now. Try again after the time in Retry-After."
        )
        {
            RetryAfter = exception.RetryAfter,
        };
}
