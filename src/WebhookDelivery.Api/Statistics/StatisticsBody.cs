using WebhookDelivery.Core;

namespace WebhookDelivery.Api;

/// <summary>What happened in a range of hours.</summary>
/// <param name="Since">The first hour, inclusive.</param>
/// <param name="Until">The hour after the last: exclusive.</param>
/// <param name="Totals">All hours together.</param>
/// <param name="Hours">The hours in which something happened, oldest first.</param>
internal sealed record StatisticsBody(
    DateTimeOffset Since,
    DateTimeOffset Until,
    HourBody Totals,
    IReadOnlyList<HourBody> Hours
)
{
    public static StatisticsBody Of(StatisticsQuery query, IReadOnlyList<CountedHour> hours)
    {
        var totals = new HourCounts();
        foreach (var each in hours)
        {
            totals.Add(each.Counts);
        }

        var ofTenant = query.EndpointId is null;
        return new StatisticsBody(
            query.Since,
            query.Until,
            HourBody.Of(hour: null, totals, ofTenant),
            [.. hours.Select(each => HourBody.Of(each.Hour, each.Counts, ofTenant))]
        );
    }
}
