using System.Buffers;
using System.Diagnostics.CodeAnalysis;
using System.Text;
using System.Text.Json;
using WebhookDelivery.Core;

namespace WebhookDelivery.Aws;

/// <summary>
/// What the dead-letter queue says of one dead letter, for operators and their alarms. A hint: it is
/// true only while the store says the same.
/// </summary>
/// <param name="Key">Which delivery.</param>
/// <param name="Generation">The generation that ended.</param>
/// <param name="Reason">The API's name of why; one that this version does not know is kept as it is.</param>
/// <param name="At">When this was sent; whole milliseconds.</param>
/// <remarks>
/// One line of JSON:
/// <code>
/// {"v":1,"dl":1,"t":"acme","e":"evt_…","p":"ep_…","g":1,"r":"http_status","at":1767225600000}
/// </code>
/// </remarks>
internal sealed record DeadLetterMessage(
    DeliveryKey Key,
    int Generation,
    string Reason,
    DateTimeOffset At
)
{
    private const int Version = 1;

    // Ids and reasons are all ASCII that JSON need not escape.
    private const int LengthAbout = 256;

    /// <summary>The last millisecond of the year 9999.</summary>
    private const long MillisecondsMax = 253_402_300_799_999;

    /// <summary>The message's body.</summary>
    public string Format()
    {
        var buffer = new ArrayBufferWriter<byte>(LengthAbout);
        using (var writer = new Utf8JsonWriter(buffer))
        {
            writer.WriteStartObject();
            writer.WriteNumber("v", Version);
            writer.WriteNumber("dl", 1);
            writer.WriteString("t", Key.TenantId.Value);
            writer.WriteString("e", Key.EventId.ToString());
            writer.WriteString("p", Key.EndpointId.ToString());
            writer.WriteNumber("g", Generation);
            writer.WriteString("r", Reason);
            writer.WriteNumber("at", At.ToUnixTimeMilliseconds());
            writer.WriteEndObject();
        }

        return Encoding.UTF8.GetString(buffer.WrittenSpan);
    }

    /// <summary>
    /// Reads a body. False for anything that is not of this form and version, such as a delivery
    /// message that SQS moved.
    /// </summary>
    public static bool TryParse(string body, [NotNullWhen(true)] out DeadLetterMessage? message)
    {
        message = null;
        try
        {
            using var document = JsonDocument.Parse(body);
            message = Read(document.RootElement);
        }
        catch (JsonException)
        {
            // A delivery message has a line of JSON and then its payload; others, who knows.
        }

        return message is not null;
    }

    private static DeadLetterMessage? Read(JsonElement root) =>
        root.ValueKind == JsonValueKind.Object
        && Number(root, "v") == Version
        && Number(root, "dl") == 1
        && TenantId.TryParse(Text(root, "t"), out var tenant)
        && EventId.TryParse(Text(root, "e"), out var eventId)
        && EndpointId.TryParse(Text(root, "p"), out var endpoint)
        && Number(root, "g") is > 0 and <= int.MaxValue and var generation
        && Text(root, "r") is { } reason
        && Number(root, "at") is >= 0 and <= MillisecondsMax and var at
            ? new DeadLetterMessage(
                new DeliveryKey(tenant, eventId, endpoint),
                (int)generation,
                reason,
                DateTimeOffset.FromUnixTimeMilliseconds(at)
            )
            : null;

    private static string? Text(JsonElement root, string name) =>
        root.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String
            ? value.GetString()
            : null;

    private static long? Number(JsonElement root, string name) =>
        root.TryGetProperty(name, out var value)
        && value.ValueKind == JsonValueKind.Number
        && value.TryGetInt64(out var number)
            ? number
            : null;
}
