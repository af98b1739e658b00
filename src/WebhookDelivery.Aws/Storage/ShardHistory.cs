using System.Buffers.Binary;
using System.Globalization;
using System.Numerics;
using WebhookDelivery.Core;

namespace WebhookDelivery.Aws;

/// <summary>
/// How many event shards a tenant has had since when. An event stays in the shard that it was
/// written to, so the count in force at its id's time is what finds it again. Immutable; its text
/// is `fromMs:count,…`, oldest first, such as `0:1,1767225600000:4`.
/// </summary>
internal sealed class ShardHistory
{
    /// <summary>One shard from the beginning: what a tenant has unless it grew.</summary>
    public static readonly ShardHistory Single = new([new Era(0, 1)]);

    private readonly Era[] _eras;

    private ShardHistory(Era[] eras) => _eras = eras;

    /// <summary>The greatest count, in force or soon to be.</summary>
    public int Max => _eras[^1].Count;

    /// <summary>Reads the text; null is <see cref="Single"/>.</summary>
    /// <exception cref="InvalidDataException">It is not of that form, or not of growing times and counts.</exception>
    public static ShardHistory Parse(string? text)
    {
        if (text is null)
        {
            return Single;
        }

        var eras = text.Split(',').Select(ParseEra).ToArray();
        for (var i = 0; i < eras.Length; i++)
        {
            var grows =
                i == 0
                    ? eras[0].FromMs == 0
                    : eras[i].FromMs > eras[i - 1].FromMs && eras[i].Count > eras[i - 1].Count;
            if (!grows || !IsCount(eras[i].Count))
            {
                throw Malformed();
            }
        }

        return new ShardHistory(eras);
    }

    /// <summary>Whether a tenant can have so many: a power of two up to <see cref="EventsTable.EventShardsMax"/>.</summary>
    public static bool IsCount(int count) =>
        count is >= 1 and <= EventsTable.EventShardsMax && BitOperations.IsPow2(count);

    /// <summary>The count in force at the time that is in the id.</summary>
    public int At(EventId eventId)
    {
        Span<byte> bytes = stackalloc byte[16];
        eventId.WriteBytes(bytes);

        // A UUIDv7 begins with 48 bits of Unix milliseconds.
        var ms = (long)(BinaryPrimitives.ReadUInt64BigEndian(bytes) >> 16);
        var i = _eras.Length - 1;
        while (_eras[i].FromMs > ms)
        {
            i--;
        }

        return _eras[i].Count;
    }

    /// <summary>The partition of an event.</summary>
    public string PartitionOf(TenantId tenant, EventId eventId) =>
        EventsTable.Partition(tenant, eventId, At(eventId));

    /// <summary>Every partition in which the tenant's events can be.</summary>
    public IReadOnlyList<string> Partitions(TenantId tenant)
    {
        // Of the counts above one, the greatest has the shards of all others among its own.
        var partitions = new List<string>(Max + 1);
        if (_eras[0].Count == 1)
        {
            partitions.Add(tenant.Value);
        }

        for (var shard = 0; Max > 1 && shard < Max; shard++)
        {
            partitions.Add($"{tenant}#{shard}");
        }

        return partitions;
    }

    /// <summary>This history, grown to more shards from a time on, or from just after its last growth.</summary>
    public ShardHistory Grow(int count, DateTimeOffset from)
    {
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(count, Max);
        var fromMs = Math.Max(from.ToUnixTimeMilliseconds(), _eras[^1].FromMs + 1);
        return new ShardHistory([.. _eras, new Era(fromMs, count)]);
    }

    /// <summary>The text that <see cref="Parse"/> reads.</summary>
    public override string ToString() =>
        string.Join(',', _eras.Select(era => $"{era.FromMs}:{era.Count}"));

    private static Era ParseEra(string text)
    {
        var colon = text.IndexOf(':', StringComparison.Ordinal);
        return
            colon > 0
            && long.TryParse(
                text.AsSpan(0, colon),
                NumberStyles.None,
                CultureInfo.InvariantCulture,
                out var fromMs
            )
            && int.TryParse(
                text.AsSpan(colon + 1),
                NumberStyles.None,
                CultureInfo.InvariantCulture,
                out var count
            )
            ? new Era(fromMs, count)
            : throw Malformed();
    }

    private static InvalidDataException Malformed() =>
        new("A stored history of event shards is malformed.");

    private readonly record struct Era(long FromMs, int Count);
}
