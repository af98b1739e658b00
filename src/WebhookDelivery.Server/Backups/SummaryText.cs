using System.Globalization;
using WebhookDelivery.Core;
using WebhookDelivery.Sqlite;

namespace WebhookDelivery.Server;

/// <summary>What a database holds, in words.</summary>
internal static class SummaryText
{
    public static string Describe(DatabaseSummary summary)
    {
        var deliveries = string.Join(
            ", ",
            summary.Deliveries.Select(each => $"{each.Value} {each.Key.ToCode()}")
        );
        var last = summary.LastEventAt?.UtcDateTime.ToString(
            "yyyy-MM-dd'T'HH:mm:ss'Z'",
            CultureInfo.InvariantCulture
        );
        return $"""
            {Megabytes(summary.Bytes)} ({Megabytes(
                summary.FreeBytes
            )} of them free), schema version {summary.SchemaVersion}
            {summary.Tenants} tenants, {summary.Endpoints} endpoints, {summary.Events} events{(
                last is null ? "" : $", the last of {last}"
            )}
            deliveries: {(deliveries.Length == 0 ? "none" : deliveries)}
            """;
    }

    private static string Megabytes(long bytes) =>
        string.Create(CultureInfo.InvariantCulture, $"{bytes / 1_000_000.0:0.0} MB");
}
