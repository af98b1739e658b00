using System.Buffers.Binary;
using System.Text.Json;

namespace WebhookDelivery.Core;

/// <summary>
/// The form in which engines keep what nothing ever searches for in a recovery: JSON, so that a new
/// property needs no migration. Endpoint, id, version, next at and finished at are not in it; engines keep
/// them beside it. Some 7 KB with a plan under way, and at most 35 KB with all the event types there may be.
/// </summary>
public static class RecoveryDocument
{
    /// <summary>Bytes of a planned delivery: the event's id and the generation.</summary>
    private const int PlannedBytes = 20;

    /// <summary>Writes a recovery's document, in UTF-8.</summary>
    public static byte[] Write(Recovery recovery) =>
        JsonSerializer.SerializeToUtf8Bytes(From(recovery), RecoveryDocumentJson.Default.Content);

    /// <summary>The recovery, of its document and what is kept beside it.</summary>
    /// <param name="json">The document, in UTF-8.</param>
    /// <param name="endpoint">See <see cref="Recovery.Endpoint"/>.</param>
    /// <param name="id">See <see cref="Recovery.Id"/>.</param>
    /// <param name="version">See <see cref="Recovery.Version"/>.</param>
    /// <param name="nextAt">See <see cref="Recovery.NextAt"/>; null once it is finished.</param>
    /// <param name="finishedAt">See <see cref="Recovery.FinishedAt"/>.</param>
    /// <exception cref="JsonException">It is no document.</exception>
    /// <exception cref="InvalidDataException">It is one, of values that no recovery has.</exception>
    public static Recovery Read(
        ReadOnlySpan<byte> json,
        EndpointKey endpoint,
        RecoveryId id,
        long version,
        DateTimeOffset? nextAt,
        DateTimeOffset? finishedAt
    )
    {
        var content =
            JsonSerializer.Deserialize(json, RecoveryDocumentJson.Default.Content)
            ?? throw new InvalidDataException("A recovery's document is null.");
        return new Recovery
        {
            Id = id,
            Endpoint = endpoint,
            Version = version,
            Kind = (RecoveryKind)content.Kind,
            Filter = ReadFilter(content),
            Status = (RecoveryStatus)content.Status,
            Cursor = content.Cursor is { } cursor ? new EventId(cursor) : null,
            Plan = ReadPlan(content.Plan),
            Counts = new(content.Matched, content.Moved, content.Skipped, content.Failed),
            Pace = new DrainPace(content.PerSecond, content.Rests, content.IsResting),
            Probes =
            [
                .. (content.Probes ?? []).Select(each => new RecoveryProbe(
                    new EventId(each.EventId),
                    each.Generation,
                    each.Attempts,
                    FromMs(each.DueMs)
                )),
            ],
            IsStopping = content.IsStopping,
            NextAt = nextAt ?? FromMs(content.UpdatedMs),
            CreatedAt = FromMs(content.CreatedMs),
            UpdatedAt = FromMs(content.UpdatedMs),
            FinishedAt = finishedAt,
        };
    }

    private static Content From(Recovery recovery) =>
        new()
        {
            Kind = (int)recovery.Kind,
            SinceMs = recovery.Filter.Since?.ToUnixTimeMilliseconds(),
            UntilMs = recovery.Filter.Until?.ToUnixTimeMilliseconds(),
            Statuses = [.. recovery.Filter.Statuses.Select(each => (int)each)],
            EventTypes = recovery.Filter.EventTypes.Patterns,
            Reasons = [.. recovery.Filter.Reasons.Select(each => (int)each)],
            Status = (int)recovery.Status,
            Cursor = recovery.Cursor?.Value,
            Plan = WritePlan(recovery.Plan),
            Matched = recovery.Counts.Matched,
            Moved = recovery.Counts.Moved,
            Skipped = recovery.Counts.Skipped,
            Failed = recovery.Counts.Failed,
            PerSecond = recovery.Pace.PerSecond,
            Rests = recovery.Pace.Rests,
            IsResting = recovery.Pace.IsResting,
            Probes =
            [
                .. recovery.Probes.Select(each => new Probe(
                    each.EventId.Value,
                    each.Generation,
                    each.Attempts,
                    each.DueAt.ToUnixTimeMilliseconds()
                )),
            ],
            IsStopping = recovery.IsStopping,
            CreatedMs = recovery.CreatedAt.ToUnixTimeMilliseconds(),
            UpdatedMs = recovery.UpdatedAt.ToUnixTimeMilliseconds(),
        };

    private static RecoveryFilter ReadFilter(Content content) =>
        new()
        {
            Since = content.SinceMs is { } since ? FromMs(since) : null,
            Until = content.UntilMs is { } until ? FromMs(until) : null,
            Statuses = (content.Statuses ?? []).Select(each => (DeliveryStatus)each).ToHashSet(),
            EventTypes = content.EventTypes is { Count: > 0 } patterns
                ? EventTypeFilter.Parse(patterns, out var fault)
                    ?? throw new InvalidDataException(fault)
                : EventTypeFilter.All,
            Reasons = (content.Reasons ?? []).Select(each => (ReasonCode)each).ToHashSet(),
        };

    private static byte[]? WritePlan(IReadOnlyList<PlannedDelivery> plan)
    {
        if (plan.Count == 0)
        {
            return null;
        }

        var bytes = new byte[plan.Count * PlannedBytes];
        for (var i = 0; i < plan.Count; i++)
        {
            var one = bytes.AsSpan(i * PlannedBytes, PlannedBytes);
            plan[i].EventId.WriteBytes(one);
            BinaryPrimitives.WriteInt32BigEndian(one[16..], plan[i].Generation);
        }

        return bytes;
    }

    private static PlannedDelivery[] ReadPlan(byte[]? bytes)
    {
        if (bytes is null)
        {
            return [];
        }

        if (bytes.Length % PlannedBytes != 0)
        {
            throw new InvalidDataException("A recovery's plan is cut off.");
        }

        var plan = new PlannedDelivery[bytes.Length / PlannedBytes];
        for (var i = 0; i < plan.Length; i++)
        {
            var one = bytes.AsSpan(i * PlannedBytes, PlannedBytes);
            plan[i] = new(
                EventId.FromBytes(one[..16]),
                BinaryPrimitives.ReadInt32BigEndian(one[16..])
            );
        }

        return plan;
    }

    private static DateTimeOffset FromMs(long ms) => DateTimeOffset.FromUnixTimeMilliseconds(ms);

    /// <summary>The document itself. Times are in Unix milliseconds, what is 0 or empty is left out.</summary>
    internal sealed record Content
    {
        public int Kind { get; init; }
        public long? SinceMs { get; init; }
        public long? UntilMs { get; init; }
        public IReadOnlyList<int>? Statuses { get; init; }
        public IReadOnlyList<string>? EventTypes { get; init; }
        public IReadOnlyList<int>? Reasons { get; init; }
        public int Status { get; init; }
        public Guid? Cursor { get; init; }
        public byte[]? Plan { get; init; }
        public long Matched { get; init; }
        public long Moved { get; init; }
        public long Skipped { get; init; }
        public long Failed { get; init; }
        public double PerSecond { get; init; }
        public int Rests { get; init; }
        public bool IsResting { get; init; }
        public IReadOnlyList<Probe>? Probes { get; init; }
        public bool IsStopping { get; init; }
        public long CreatedMs { get; init; }
        public long UpdatedMs { get; init; }
    }

    /// <summary>A probe.</summary>
    internal sealed record Probe(Guid EventId, int Generation, int Attempts, long DueMs);
}
