namespace WebhookDelivery.Receiver;

/// <summary>The unsigned headers of a delivery. Good for logs; decide by the payload instead.</summary>
public static class WebhookHeaderNames
{
    /// <summary>The event's type, absent if it has none: <c>webhook-event-type</c>.</summary>
    public const string EventType = "webhook-event-type";

    /// <summary>Which attempt this is, counted from 1: <c>webhook-attempt</c>.</summary>
    public const string Attempt = "webhook-attempt";
}
