using System.Text;
using WebhookDelivery.Core;

namespace WebhookDelivery.Api;

/// <summary>One attempt to deliver an event.</summary>
internal sealed record AttemptBody
{
    /// <summary>The endpoint's id.</summary>
    public required string EndpointId { get; init; }

    /// <summary>1 at first; one more after each requeue or redelivery.</summary>
    public required int Generation { get; init; }

    /// <summary>The attempt's number within its generation, from 1.</summary>
    public required int Attempt { get; init; }

    /// <summary>When it began.</summary>
    public required DateTimeOffset StartedAt { get; init; }

    /// <summary>How long it took to the status line or the failure, in milliseconds.</summary>
    public required long DurationMs { get; init; }

    /// <summary>The HTTP status; null if none came.</summary>
    public required int? StatusCode { get; init; }

    /// <summary>What came of it.</summary>
    [OneOf(typeof(ReasonCode))]
    public required string Reason { get; init; }

    /// <summary>
    /// The response's headers by name in lower case, at most 20 and 1 KiB; values of one name are joined
    /// by commas. Of credentials only the name is kept. On AWS, of the endpoint's last attempt only.
    /// </summary>
    public required IReadOnlyDictionary<string, string> ResponseHeaders { get; init; }

    /// <summary>
    /// The beginning of the response's body as text, at most 1 KiB; bytes that are none show as U+FFFD.
    /// What it gives back of the payload or of a secret shows as `[redacted]`.
    /// </summary>
    public required string ResponseBody { get; init; }

    /// <summary>The same as `response_body`, under its first name.</summary>
    public string ResponseExcerpt => ResponseBody;

    public static AttemptBody Of(Attempt attempt) =>
        new()
        {
            EndpointId = attempt.Key.EndpointId.ToString(),
            Generation = attempt.Generation,
            Attempt = attempt.Number,
            StartedAt = attempt.StartedAt,
            DurationMs = (long)attempt.Outcome.Duration.TotalMilliseconds,
            StatusCode = attempt.Outcome.StatusCode,
            Reason = attempt.Outcome.Reason.ToCode(),
            ResponseHeaders = attempt
                .Outcome.ResponseHeaders.Read()
                .GroupBy(header => header.Key, StringComparer.OrdinalIgnoreCase)
                .ToDictionary(
                    group => group.Key,
                    group => string.Join(", ", group.Select(header => header.Value))
                ),
            ResponseBody = Encoding.UTF8.GetString(attempt.Outcome.ResponseExcerpt.Span),
        };
}
