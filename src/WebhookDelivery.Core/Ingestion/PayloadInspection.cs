namespace WebhookDelivery.Core;

/// <summary>What a look at a payload found.</summary>
public abstract record PayloadInspection
{
    private PayloadInspection() { }

    /// <summary>A JSON object.</summary>
    /// <param name="Type">The event type it states; null if it states none.</param>
    public sealed record Valid(string? Type) : PayloadInspection;

    /// <summary>Not a JSON object.</summary>
    /// <param name="Fault">What is wrong, in a sentence for the tenant; repeats none of the payload.</param>
    public sealed record Invalid(string Fault) : PayloadInspection;
}
