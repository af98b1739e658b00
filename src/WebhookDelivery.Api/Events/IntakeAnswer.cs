using System.Text;
using Microsoft.AspNetCore.Http;
using WebhookDelivery.Core;

namespace WebhookDelivery.Api;

/// <summary>
/// Writes the 201 of POST /events: its size is known before, so the bytes go straight into the
/// server's buffer without a serializer, a copy or chunks.
/// </summary>
internal static class IntakeAnswer
{
    public const string ReplayedHeader = "Idempotency-Replayed";
    public const string LocationPrefix = "/v1/events/";

    private const int EventIdLength = 30;
    private const int EndpointIdLength = 29;

    private static ReadOnlySpan<byte> Head => "{\"event_id\":\""u8;

    private static ReadOnlySpan<byte> Pending => "\",\"status\":\"PENDING\",\"endpoint_ids\":["u8;

    private static ReadOnlySpan<byte> Unrouted => "\",\"status\":\"UNROUTED\",\"endpoint_ids\":["u8;

    private static ReadOnlySpan<byte> Tail => "]}"u8;

    public static async Task WriteAsync(
        HttpResponse response,
        EventId eventId,
        IReadOnlyList<EndpointId> endpoints,
        bool replayed
    )
    {
        var length = Measure(endpoints.Count);
        var location = LocationPrefix + eventId;
        response.StatusCode = StatusCodes.Status201Created;
        response.ContentType = "application/json";
        response.ContentLength = length;
        response.Headers.Location = location;
        if (replayed)
        {
            response.Headers[ReplayedHeader] = "true";
        }

        // With the headers out, the body is laid down behind them without an interim copy.
        await response.StartAsync();
        Fill(response.BodyWriter.GetSpan(length)[..length], location, endpoints);
        response.BodyWriter.Advance(length);
    }

    private static int Measure(int endpoints)
    {
        var status = endpoints == 0 ? Unrouted.Length : Pending.Length;
        var list = endpoints == 0 ? 0 : (endpoints * (EndpointIdLength + 2)) + endpoints - 1;
        return Head.Length + EventIdLength + status + list + Tail.Length;
    }

    private static void Fill(
        Span<byte> target,
        string location,
        IReadOnlyList<EndpointId> endpoints
    )
    {
        Put(ref target, Head);
        Put(ref target, location.AsSpan(LocationPrefix.Length));
        Put(ref target, endpoints.Count == 0 ? Unrouted : Pending);
        for (var i = 0; i < endpoints.Count; i++)
        {
            Put(ref target, i == 0 ? "\""u8 : ",\""u8);
            Put(ref target, endpoints[i].ToString());
            Put(ref target, "\""u8);
        }

        Put(ref target, Tail);
    }

    private static void Put(ref Span<byte> target, ReadOnlySpan<byte> bytes)
    {
        bytes.CopyTo(target);
        target = target[bytes.Length..];
    }

    private static void Put(ref Span<byte> target, ReadOnlySpan<char> ascii) =>
        target = target[Encoding.ASCII.GetBytes(ascii, target)..];
}
