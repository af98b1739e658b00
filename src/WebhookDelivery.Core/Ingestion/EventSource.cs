namespace WebhookDelivery.Core;

/// <summary>What caused an event, or a generation of a delivery. Stored by number.</summary>
public enum EventSource
{
    /// <summary>A tenant's system posted it.</summary>
    Live = 0,

    /// <summary>Made by `POST /endpoints/{id}/test`, for that endpoint alone.</summary>
    Test = 1,

    /// <summary>Delivered again on request.</summary>
    Redeliver = 2,

    /// <summary>Delivered again after an outage of its endpoint.</summary>
    Recover = 3,

    /// <summary>Delivered to an endpoint that it was not routed to at first.</summary>
    Replay = 4,

    /// <summary>The platform's own news of a tenant's endpoints, for its operational endpoints alone.</summary>
    Operational = 5,
}
