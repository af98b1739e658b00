using System.Text;
using WebhookDelivery.Core;

namespace WebhookDelivery.Api;

/// <summary>The members of a request to verify a signature, as far as they could be read.</summary>
internal sealed record VerificationFields
{
    public const int ToleranceSecondsDefault = 300;

    public Optional<EndpointId?> EndpointId { get; init; }

    public Optional<IReadOnlyList<KeyValuePair<string, string>>?> Headers { get; init; }

    public Optional<string?> Body { get; init; }

    public Optional<string?> BodyBase64 { get; init; }

    public Optional<DateTimeOffset?> ReceivedAt { get; init; }

    public Optional<string?> Secret { get; init; }

    public Optional<string?> ComputedSignature { get; init; }

    public Optional<int?> ToleranceSeconds { get; init; }

    /// <summary>The body's bytes; null if none can be read.</summary>
    public byte[]? Bytes { get; private init; }

    public static VerificationFields Read(Fields fields)
    {
        var read = new VerificationFields
        {
            EndpointId = fields.EndpointId("endpoint_id"),
            Headers = fields.HeaderMap("headers", VerificationFieldsValidator.HeadersMax),
            Body = fields.Text("body"),
            BodyBase64 = fields.Text("body_base64"),
            ReceivedAt = fields.Time("received_at"),
            Secret = fields.Text("secret"),
            ComputedSignature = fields.Text("computed_signature"),
            ToleranceSeconds = fields.Integer("tolerance_seconds"),
        };
        return read with
        {
            Bytes =
                read.Body.Value is { } text ? Encoding.UTF8.GetBytes(text)
                : read.BodyBase64.Value is { } base64 ? Decode(base64)
                : null,
        };
    }

    /// <summary>The case; the fields are validated already.</summary>
    public SignatureCase ToCase() =>
        new()
        {
            EndpointId = EndpointId.Value!.Value,
            Headers = Headers.Value!,
            Body = Bytes!,
            ReceivedAt = ReceivedAt.Value,
            Secret = Secret.Value,
            ComputedSignature = ComputedSignature.Value,
            Tolerance = TimeSpan.FromSeconds(ToleranceSeconds.Value ?? ToleranceSecondsDefault),
        };

    private static byte[]? Decode(string base64)
    {
        var bytes = new byte[base64.Length];
        return Convert.TryFromBase64String(base64, bytes, out var length) ? bytes[..length] : null;
    }
}
