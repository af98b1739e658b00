using WebhookDelivery.Core;

namespace WebhookDelivery.Api;

/// <summary>Attempts, by how they ended.</summary>
/// <param name="Total">Of all reasons.</param>
/// <param name="ByReason">By reason code; those that there are none of are left out.</param>
internal sealed record AttemptCountsBody(long Total, IReadOnlyDictionary<string, long> ByReason)
{
    public static AttemptCountsBody Of(ReasonCounts counts) =>
        new(
            counts.Total,
            counts.Counts.ToDictionary(
                each => each.Reason.ToCode(),
                each => each.Count,
                StringComparer.Ordinal
            )
        );
}
