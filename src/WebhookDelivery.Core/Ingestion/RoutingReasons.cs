namespace WebhookDelivery.Core;

/// <summary>Why an event did not go to an endpoint: by the endpoint as it was then. Pure.</summary>
internal static class RoutingReasons
{
    /// <summary>How many of an endpoint's event types a sentence names.</summary>
    private const int NamedMax = 5;

    /// <summary>The verdict and a sentence, on an endpoint that has no delivery of the event.</summary>
    /// <param name="past">The endpoint then and now.</param>
    /// <param name="posted">The event.</param>
    public static (EndpointVerdict Verdict, string Detail) Find(EndpointPast past, Event posted)
    {
        if (past.CameLater)
        {
            return (
                EndpointVerdict.CreatedLater,
                $"The endpoint was created at {Instant.Text(past.Newest.CreatedAt)}, after the event was routed."
            );
        }

        if (past.Then is not { } then)
        {
            return (
                EndpointVerdict.Unknown,
                "The event was not routed to the endpoint. The version of the endpoint that decided it is no longer kept."
            );
        }

        return then.DeletedAt is { } deletedAt
            ? (
                EndpointVerdict.DeletedBefore,
                $"The endpoint was deleted at {Instant.Text(deletedAt)}, before the event was routed."
            )
            : FindFiltered(then, posted);
    }

    private static (EndpointVerdict Verdict, string Detail) FindFiltered(
        Endpoint then,
        Event posted
    )
    {
        if (posted.Source == EventSource.Test)
        {
            return (
                EndpointVerdict.NotTargeted,
                "It is a test event, for the endpoint that was tested alone."
            );
        }

        return EndpointRoute.Judge(then, posted.Source, posted.Type, posted.Payload.Span) switch
        {
            RouteVerdict.OtherSource => (
                EndpointVerdict.NotTargeted,
                then.Operational
                    ? "The endpoint is operational: it gets the platform's own events and no others."
                    : "It is one of the platform's own events, for operational endpoints alone."
            ),
            RouteVerdict.OtherType => (
                EndpointVerdict.FilteredByType,
                posted.Type is { } type
                    ? $"The endpoint takes events of {Named(then.EventTypes)}, which `{type}` is none of."
                    : $"The endpoint takes events of {Named(then.EventTypes)}; this one has no type."
            ),
            RouteVerdict.OtherPayload => (
                EndpointVerdict.FilteredByPayload,
                $"The endpoint's filter does not take it: {then.Filter?.Explain(posted.Payload.Span)}"
            ),

            // What the endpoint took then and did not get: its version was another one after all.
            _ => (
                EndpointVerdict.Unknown,
                "The event was not routed to the endpoint, although the endpoint's version of the time takes it: the endpoint changed in the same moment."
            ),
        };
    }

    private static string Named(EventTypeFilter types)
    {
        var named = string.Join(", ", types.Patterns.Take(NamedMax).Select(each => $"`{each}`"));
        var more = types.Patterns.Count - NamedMax;
        return more > 0 ? $"{named} and {more} more" : named;
    }
}
