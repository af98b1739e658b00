using System.Globalization;
using WebhookDelivery.Core;
using Item = System.Collections.Generic.Dictionary<string, Amazon.DynamoDBv2.Model.AttributeValue>;

namespace WebhookDelivery.Aws;

/// <summary>
/// The item of an hour's counts: names and keys, and what a read makes of it. It is in the partition
/// `acme#stats`, its sort key `all#2026-01-02T03` or `ep_…#2026-01-02T03`. Every attribute is a number
/// that processes add to: the counts by name, attempts as `r0`, `r1` … by the reason's number, and the
/// histogram as `h0`, `h1` … by bucket.
/// </summary>
internal static class StatisticsItem
{
    private const string Accepted = "accepted";
    private const string Deliveries = "deliveries";
    private const string Delivered = "delivered";
    private const string DeadLettered = "dead";
    private const string Parked = "parked";
    private const string Cancelled = "cancelled";
    private const char Reason = 'r';
    private const char Bucket = 'h';

    /// <summary>What stands for the tenant as a whole in a sort key.</summary>
    private const string All = "all";

    private const string HourFormat = "yyyy-MM-dd'T'HH";

    /// <summary>A tenant's partition.</summary>
    public static string PartitionOf(TenantId tenant) => $"{tenant}#stats";

    /// <summary>The sort key of an hour; in the order of hours within a tenant or an endpoint.</summary>
    public static string SortKeyOf(EndpointId? endpoint, DateTimeOffset hour) =>
        $"{endpoint?.ToString() ?? All}#{hour.UtcDateTime.ToString(HourFormat, CultureInfo.InvariantCulture)}";

    /// <summary>What is added to the item, nothing that is zero.</summary>
    public static IEnumerable<(string Name, long Count)> NumbersOf(HourCounts counts)
    {
        (string, long)[] named =
        [
            (Accepted, counts.Accepted),
            (Deliveries, counts.Deliveries),
            (Delivered, counts.Delivered),
            (DeadLettered, counts.DeadLettered),
            (Parked, counts.Parked),
            (Cancelled, counts.Cancelled),
        ];
        return
        [
            .. named.Where(each => each.Item2 > 0),
            .. counts.Attempts.Counts.Select(each => ($"{Reason}{(int)each.Reason}", each.Count)),
            .. counts.Latency.Counts.Select(each => ($"{Bucket}{each.Bucket}", each.Count)),
        ];
    }

    /// <summary>The hour and its counts.</summary>
    public static CountedHour Read(Item item)
    {
        var counts = new HourCounts
        {
            Accepted = item.Int64OrNull(Accepted) ?? 0,
            Deliveries = item.Int64OrNull(Deliveries) ?? 0,
            Delivered = item.Int64OrNull(Delivered) ?? 0,
            DeadLettered = item.Int64OrNull(DeadLettered) ?? 0,
            Parked = item.Int64OrNull(Parked) ?? 0,
            Cancelled = item.Int64OrNull(Cancelled) ?? 0,
        };
        foreach (var name in item.Keys)
        {
            if (TryNumber(name, Reason, out var reason))
            {
                counts.Attempts.Add((ReasonCode)reason, item.Int64(name));
            }
            else if (TryNumber(name, Bucket, out var bucket))
            {
                counts.Latency.Add(bucket, item.Int64(name));
            }
        }

        return new CountedHour(HourOf(ItemKeys.SortKey(item)), counts);
    }

    private static DateTimeOffset HourOf(string sortKey) =>
        DateTimeOffset.ParseExact(
            sortKey[(sortKey.IndexOf('#', StringComparison.Ordinal) + 1)..],
            HourFormat,
            CultureInfo.InvariantCulture,
            DateTimeStyles.AssumeUniversal
        );

    private static bool TryNumber(string name, char kind, out int number)
    {
        number = 0;
        return name[0] == kind
            && int.TryParse(
                name.AsSpan(1),
                NumberStyles.None,
                CultureInfo.InvariantCulture,
                out number
            );
    }
}
