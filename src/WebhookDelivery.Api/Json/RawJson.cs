using System.Text.Json;
using System.Text.Json.Serialization;

namespace WebhookDelivery.Api;

/// <summary>A JSON object, just as it was given.</summary>
/// <param name="Utf8">One valid JSON value.</param>
[JsonConverter(typeof(Converter))]
internal readonly record struct RawJson(ReadOnlyMemory<byte> Utf8)
{
    internal sealed class Converter : JsonConverter<RawJson>
    {
        public override RawJson Read(
            ref Utf8JsonReader reader,
            Type typeToConvert,
            JsonSerializerOptions options
        ) => throw new NotSupportedException("Raw JSON is only written.");

        // It was validated when it was accepted; doing so again would cost a pass over 4 MiB.
        public override void Write(
            Utf8JsonWriter writer,
            RawJson value,
            JsonSerializerOptions options
        ) => writer.WriteRawValue(value.Utf8.Span, skipInputValidation: true);
    }
}
