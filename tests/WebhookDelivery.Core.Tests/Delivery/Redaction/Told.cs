using System.Text;
using WebhookDelivery.Signatures;

namespace WebhookDelivery.Core.Tests;

/// <summary>An endpoint with secrets, and responses that tell something.</summary>
internal static class Told
{
    public const string Secret = "whsec_c2VjcmV0IG9mIDMyIGJ5dGVzIHRoYXQgbm9ib2R5IGtub3c=";
    public const string OldSecret = "an old secret with spaces/and+signs";
    public const string HeaderValue = "Bearer 7fGh/+kk==";
    public const string QueryToken = "query token/9 ü";

    public static readonly OpenedEndpoint Endpoint = new(
        Sample.Endpoint(Sample.EndpointKey(1)) with
        {
            Url =
                $"https://receiver.example/hooks?a=1&token={Uri.EscapeDataString(QueryToken)}&env=prod",
        },
        [
            new LiveSecret(Sample.Secret(Secret), null),
            new LiveSecret(Sample.Secret(OldSecret), Sample.Now.AddHours(1)),
        ],
        [new("Authorization", HeaderValue), new("X-Version", "2"), new("X-Pin", "4711")]
    );

    /// <summary>What is recorded of a response.</summary>
    public static AttemptOutcome Record(
        byte[] excerpt,
        byte[] payload,
        params (string Name, byte[] Value)[] headers
    ) => ResponseRedaction.Apply(Response(excerpt, headers), Endpoint, payload);

    /// <summary>What is recorded of a body of text.</summary>
    public static string Record(string body, string payload = "{}") =>
        Encoding.UTF8.GetString(
            Record(
                Encoding.UTF8.GetBytes(body),
                Encoding.UTF8.GetBytes(payload)
            ).ResponseExcerpt.Span
        );

    public static AttemptOutcome Response(
        byte[] excerpt,
        params (string Name, byte[] Value)[] headers
    ) =>
        new()
        {
            Reason = ReasonCode.HttpStatus,
            StatusCode = 500,
            ResponseExcerpt = excerpt,
            ResponseHeaders = ResponseHeaders.OfLines(
                headers
                    .SelectMany(each =>
                        (byte[])[.. Encoding.ASCII.GetBytes($"{each.Name}: "), .. each.Value, 10]
                    )
                    .ToArray()
            ),
        };
}
