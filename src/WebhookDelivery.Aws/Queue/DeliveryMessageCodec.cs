using System.Buffers.Text;
using System.Diagnostics.CodeAnalysis;
using System.Text.Json;
using WebhookDelivery.Core;

namespace WebhookDelivery.Aws;

/// <summary>
/// Writes and reads the bodies of messages: one line of compact JSON (<see cref="DeliveryMessageHeader"/>),
/// then, after a line feed, the payload as it is. Without a payload there is no line feed.
/// </summary>
/// <remarks>Pure. Base64 is used only for what SQS would not take as text (<see cref="MessageText"/>).</remarks>
internal static class DeliveryMessageCodec
{
    private static readonly long s_millisecondsMin =
        DateTimeOffset.MinValue.ToUnixTimeMilliseconds();
    private static readonly long s_millisecondsMax =
        DateTimeOffset.MaxValue.ToUnixTimeMilliseconds();

    /// <summary>Writes a message.</summary>
    /// <param name="message">What to say.</param>
    /// <param name="bytesMax">Most bytes of UTF-8, inclusive, of a body that carries its payload.</param>
    /// <returns>The body and how many bytes of UTF-8 it has; without the payload if that is too large.</returns>
    public static (string Body, int Bytes) Write(DeliveryMessage message, int bytesMax)
    {
        if (message.Due.Payload is { } payload && payload.Length < bytesMax)
        {
            var isText = MessageText.TryRead(payload.Span, out var text);
            var header = Header(message, isBase64: !isText);
            var length = isText ? payload.Length : Base64.GetMaxEncodedToUtf8Length(payload.Length);
            var bytes = header.Length + 1 + length;
            if (bytes <= bytesMax)
            {
                return ($"{header}\n{text ?? Convert.ToBase64String(payload.Span)}", bytes);
            }
        }

        var alone = Header(message, isBase64: false);
        return (alone, alone.Length);
    }

    /// <summary>Reads a message.</summary>
    /// <param name="body">What <see cref="Write"/> wrote, or anything else.</param>
    /// <param name="message">What it says.</param>
    /// <param name="fault">What is wrong with it, in words that repeat nothing of it.</param>
    public static bool TryRead(
        string body,
        [NotNullWhen(true)] out DeliveryMessage? message,
        [NotNullWhen(false)] out string? fault
    )
    {
        message = null;
        var end = body.IndexOf('\n', StringComparison.Ordinal);
        var header = ReadHeader(end < 0 ? body : body.AsSpan(0, end));
        if (header is null)
        {
            fault = "the header is not the JSON that it should be";
            return false;
        }

        if (header.Version != DeliveryMessageHeader.CurrentVersion)
        {
            fault = $"version {header.Version} is not known";
            return false;
        }

        if (ReadDue(header) is not { } due)
        {
            fault = "the header lacks a member, or one is out of range";
            return false;
        }

        byte[]? payload = null;
        if (end >= 0 && !TryReadPayload(body.AsSpan(end + 1), header.IsBase64 == 1, out payload))
        {
            fault = "the payload is not the text that it should be";
            return false;
        }

        message = new DeliveryMessage
        {
            Due = payload is null ? due : due with { Payload = payload },
            Postponements = header.Postponements ?? 0,
            HealAt = header.HealAt is { } healAt ? Time(healAt) : null,
            MustVerify = header.MustVerify == 1,
        };
        fault = null;
        return true;
    }

    /// <summary>ASCII, so that it has as many bytes as characters.</summary>
    private static string Header(DeliveryMessage message, bool isBase64)
    {
        var due = message.Due;
        return JsonSerializer.Serialize(
            new DeliveryMessageHeader
            {
                Version = DeliveryMessageHeader.CurrentVersion,
                Tenant = due.Key.TenantId.Value,
                Event = due.Key.EventId.ToString(),
                Endpoint = due.Key.EndpointId.ToString(),
                Generation = due.Generation,
                Attempt = due.Attempt,
                DueAt = due.DueAt.ToUnixTimeMilliseconds(),
                Type = due.EventType,
                TraceParent = due.TraceParent,
                Postponements = message.Postponements > 0 ? message.Postponements : null,
                HealAt = message.HealAt?.ToUnixTimeMilliseconds(),
                IsBase64 = isBase64 ? 1 : null,
                Source = due.Source == EventSource.Live ? null : (int)due.Source,
                IsBacklog = due.Backlog ? 1 : null,
                MustVerify = message.MustVerify ? 1 : null,
            },
            DeliveryMessageJson.Default.DeliveryMessageHeader
        );
    }

    private static DeliveryMessageHeader? ReadHeader(ReadOnlySpan<char> line)
    {
        try
        {
            return JsonSerializer.Deserialize(
                line,
                DeliveryMessageJson.Default.DeliveryMessageHeader
            );
        }
        catch (Exception exception) when (exception is JsonException or ArgumentException)
        {
            // Not JSON, or not even well-formed UTF-16.
            return null;
        }
    }

    private static DueDelivery? ReadDue(DeliveryMessageHeader header) =>
        TenantId.TryParse(header.Tenant, out var tenant)
        && EventId.TryParse(header.Event, out var eventId)
        && EndpointId.TryParse(header.Endpoint, out var endpoint)
        && header.Generation >= 1
        && header.Attempt >= 1
        && header.Postponements is null or >= 0
        && header.DueAt is { } dueAt
        && IsTime(dueAt)
        && (header.HealAt is not { } healAt || IsTime(healAt))
            ? new DueDelivery
            {
                Key = new DeliveryKey(tenant, eventId, endpoint),
                Generation = header.Generation,
                Attempt = header.Attempt,
                DueAt = Time(dueAt),
                Source = (EventSource)(header.Source ?? 0),
                Backlog = header.IsBacklog == 1,
                EventType = header.Type,
                TraceParent = header.TraceParent,
            }
            : null;

    private static bool TryReadPayload(
        ReadOnlySpan<char> text,
        bool isBase64,
        [NotNullWhen(true)] out byte[]? payload
    )
    {
        if (!isBase64)
        {
            return MessageText.TryWrite(text, out payload);
        }

        var bytes = new byte[(text.Length / 4 + 1) * 3];
        var decoded = Convert.TryFromBase64Chars(text, bytes, out var length);
        payload = decoded ? bytes[..length] : null;
        return decoded;
    }

    private static bool IsTime(long milliseconds) =>
        milliseconds >= s_millisecondsMin && milliseconds <= s_millisecondsMax;

    private static DateTimeOffset Time(long milliseconds) =>
        DateTimeOffset.FromUnixTimeMilliseconds(milliseconds);
}
