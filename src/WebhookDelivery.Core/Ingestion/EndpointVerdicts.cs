namespace WebhookDelivery.Core;

/// <summary>Names verdicts.</summary>
public static class EndpointVerdicts
{
    /// <summary>The API's name, such as <c>filtered_by_type</c>.</summary>
    public static string ToCode(this EndpointVerdict verdict) =>
        verdict switch
        {
            EndpointVerdict.Sent => "sent",
            EndpointVerdict.Waiting => "waiting",
            EndpointVerdict.Retrying => "retrying",
            EndpointVerdict.Limited => "limited",
            EndpointVerdict.Blocked => "blocked",
            EndpointVerdict.Parked => "parked",
            EndpointVerdict.DeadLettered => "dead_lettered",
            EndpointVerdict.Cancelled => "cancelled",
            EndpointVerdict.FilteredByType => "filtered_by_type",
            EndpointVerdict.FilteredByPayload => "filtered_by_payload",
            EndpointVerdict.NotTargeted => "not_targeted",
            EndpointVerdict.CreatedLater => "created_later",
            EndpointVerdict.DeletedBefore => "deleted_before",
            EndpointVerdict.Unknown => "unknown",
            _ => throw new ArgumentOutOfRangeException(
                nameof(verdict),
                verdict,
                "Unknown verdict."
            ),
        };
}
