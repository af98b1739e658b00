using System.Buffers;
using System.Text.Json;

namespace WebhookDelivery.Core;

/// <summary>
/// Writes the payloads of operational events: <c>{"type":…,"created_at":…,"data":{…}}</c>. They name
/// the tenant's own endpoint, its URL without the query, where tokens tend to be; never a secret, a
/// header or anything that a tenant's system posted or a receiver answered.
/// </summary>
internal static class OperationalPayload
{
    /// <summary>That an endpoint fails, and when it will be disabled for that (null: never).</summary>
    public static ReadOnlyMemory<byte> Failing(
        Endpoint endpoint,
        DateTimeOffset createdAt,
        DateTimeOffset since,
        DateTimeOffset? disablesAt,
        AttemptOutcome last
    ) =>
        Write(
            OperationalEventTypes.EndpointFailing,
            createdAt,
            endpoint,
            data =>
            {
                WriteTime(data, "failing_since", since);
                WriteTime(data, "disables_at", disablesAt);
                WriteOutcome(data, last);
            }
        );

    /// <summary>That an endpoint takes deliveries again.</summary>
    public static ReadOnlyMemory<byte> Recovered(
        Endpoint endpoint,
        DateTimeOffset createdAt,
        DateTimeOffset since
    ) =>
        Write(
            OperationalEventTypes.EndpointRecovered,
            createdAt,
            endpoint,
            data => WriteTime(data, "failing_since", since)
        );

    /// <summary>
    /// That an endpoint was disabled: of what is stored of it alone, so that whoever writes this
    /// writes the same.
    /// </summary>
    public static ReadOnlyMemory<byte> Disabled(Endpoint endpoint, DateTimeOffset disabledAt) =>
        Write(
            OperationalEventTypes.EndpointDisabled,
            disabledAt,
            endpoint,
            data =>
            {
                data.WriteString("reason", endpoint.DisabledReason?.ToCode());
                WriteTime(data, "disabled_at", disabledAt);
                WriteTime(data, "failing_since", endpoint.FailingSince);
            }
        );

    /// <summary>That a delivery became a dead letter.</summary>
    public static ReadOnlyMemory<byte> DeadLettered(
        Endpoint endpoint,
        DateTimeOffset createdAt,
        DeadLetterNews news
    ) =>
        Write(
            OperationalEventTypes.DeliveryDeadLettered,
            createdAt,
            endpoint,
            data =>
            {
                data.WriteString("event_id", news.EventId.ToString());
                data.WriteString("event_type", news.EventType);
                data.WriteNumber("generation", news.Generation);
                data.WriteNumber("attempts", news.Attempts);
                WriteOutcome(data, news.Reason, news.LastStatusCode);
            }
        );

    private static ReadOnlyMemory<byte> Write(
        string type,
        DateTimeOffset createdAt,
        Endpoint endpoint,
        Action<Utf8JsonWriter> rest
    )
    {
        var buffer = new ArrayBufferWriter<byte>(512);
        using (var writer = new Utf8JsonWriter(buffer))
        {
            writer.WriteStartObject();
            writer.WriteString("type", type);
            WriteTime(writer, "created_at", createdAt);
            writer.WriteStartObject("data");
            writer.WriteString("endpoint_id", endpoint.Key.EndpointId.ToString());
            writer.WriteString("external_id", endpoint.ExternalId);
            writer.WriteString("url", new Uri(endpoint.Url).GetLeftPart(UriPartial.Path));
            rest(writer);
            writer.WriteEndObject();
            writer.WriteEndObject();
        }

        return buffer.WrittenMemory;
    }

    private static void WriteOutcome(Utf8JsonWriter data, AttemptOutcome last) =>
        WriteOutcome(data, last.Reason, last.StatusCode);

    private static void WriteOutcome(Utf8JsonWriter data, ReasonCode reason, int? statusCode)
    {
        data.WriteString("last_reason", reason.ToCode());
        if (statusCode is { } code)
        {
            data.WriteNumber("last_status_code", code);
        }
        else
        {
            data.WriteNull("last_status_code");
        }
    }

    /// <summary>RFC 3339 in UTC with milliseconds, as the API writes times.</summary>
    private static void WriteTime(Utf8JsonWriter writer, string name, DateTimeOffset? time)
    {
        if (time is not { } given)
        {
            writer.WriteNull(name);
            return;
        }

        Span<byte> text = stackalloc byte[32];
        given.UtcDateTime.TryFormat(text, out var length, "yyyy-MM-dd'T'HH:mm:ss.fff'Z'");
        writer.WriteString(name, text[..length]);
    }
}
