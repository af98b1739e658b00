using System.Text.Json;
using System.Text.Json.Serialization;

namespace WebhookDelivery.Api;

/// <summary>Writes times as RFC 3339 in UTC with milliseconds: <c>2026-01-02T03:04:05.678Z</c>.</summary>
internal sealed class TimeConverter : JsonConverter<DateTimeOffset>
{
    public override DateTimeOffset Read(
        ref Utf8JsonReader reader,
        Type typeToConvert,
        JsonSerializerOptions options
    ) => throw new NotSupportedException("Times are read by Rfc3339.");

    public override void Write(
        Utf8JsonWriter writer,
        DateTimeOffset value,
        JsonSerializerOptions options
    )
    {
        Span<byte> text = stackalloc byte[32];
        value.UtcDateTime.TryFormat(text, out var length, "yyyy-MM-dd'T'HH:mm:ss.fff'Z'");
        writer.WriteStringValue(text[..length]);
    }
}
