using Microsoft.AspNetCore.Http;

namespace WebhookDelivery.Receiver;

/// <summary>What the handler made of a webhook, and thereby the answer to the sender.</summary>
public sealed record WebhookReply
{
    private WebhookReply(int statusCode, TimeSpan? retryAfter = null)
    {
        StatusCode = statusCode;
        RetryAfter = retryAfter;
    }

    /// <summary>Done: answered 204, and later deliveries of the same id are duplicates.</summary>
    public static WebhookReply Processed { get; } = new(StatusCodes.Status204NoContent);

    /// <summary>Answered 410: the sender gives up on this delivery and disables the endpoint.</summary>
    public static WebhookReply Gone { get; } = new(StatusCodes.Status410Gone);

    /// <summary>The status of the answer.</summary>
    public int StatusCode { get; }

    /// <summary>How long the sender shall wait, in whole seconds; <see langword="null"/> for no wish.</summary>
    public TimeSpan? RetryAfter { get; }

    /// <summary>Whether the webhook was processed.</summary>
    public bool IsSuccess => StatusCode < StatusCodes.Status300MultipleChoices;

    /// <summary>Not done: answered with an error, and the sender tries again by its schedule.</summary>
    /// <param name="statusCode">The status, 300–599. Default: 500.</param>
    /// <returns>The reply.</returns>
    /// <exception cref="ArgumentOutOfRangeException">The status is outside 300–599.</exception>
    public static WebhookReply Failed(int statusCode = StatusCodes.Status500InternalServerError)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(statusCode, 300);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(statusCode, 599);
        return new WebhookReply(statusCode);
    }

    /// <summary>Not now: answered 503 with <c>Retry-After</c>.</summary>
    /// <param name="delay">The wait, rounded up to whole seconds; the sender heeds up to 24 h.</param>
    /// <returns>The reply.</returns>
    /// <exception cref="ArgumentOutOfRangeException">The wait is negative.</exception>
    public static WebhookReply Later(TimeSpan delay)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(delay, TimeSpan.Zero);
        return new WebhookReply(StatusCodes.Status503ServiceUnavailable, delay);
    }
}
