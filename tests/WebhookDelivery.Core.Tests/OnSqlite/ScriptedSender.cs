using System.Collections.Concurrent;

namespace WebhookDelivery.Core.Tests;

/// <summary>A sender that does what the test says, and remembers what it was asked.</summary>
internal sealed class ScriptedSender : IWebhookSender
{
    private readonly ConcurrentQueue<WebhookRequest> _requests = new();

    /// <summary>What comes of a request; delivered unless the test says otherwise.</summary>
    public Func<WebhookRequest, CancellationToken, ValueTask<SendResult>> Script { get; set; } =
        (_, _) => new(Answer(200));

    public IReadOnlyList<WebhookRequest> Requests => [.. _requests];

    public static SendResult Answer(int status, TimeSpan? retryAfter = null) =>
        new SendResult.Attempted(
            new AttemptOutcome
            {
                Reason = status switch
                {
                    >= 200 and < 300 => ReasonCode.Delivered,
                    410 => ReasonCode.EndpointGone,
                    429 => ReasonCode.Throttled,
                    _ => ReasonCode.HttpStatus,
                },
                StatusCode = status,
                RetryAfter = retryAfter,
                Duration = TimeSpan.FromMilliseconds(5),
            }
        );

    public void Always(int status) => Script = (_, _) => new(Answer(status));

    public ValueTask<SendResult> SendAsync(
        WebhookRequest request,
        CancellationToken cancellationToken
    )
    {
        _requests.Enqueue(request);
        return Script(request, cancellationToken);
    }

    public DateTimeOffset? PostponedUntil(EndpointKey endpoint, DateTimeOffset now) => null;
}
