using WebhookDelivery.Core;

namespace WebhookDelivery.Api;

/// <summary>The members of a request to test an endpoint, as far as they could be read.</summary>
internal sealed record TestFields
{
    public Optional<string?> EventType { get; init; }

    public Optional<RawJson?> Payload { get; init; }

    public static TestFields Read(Fields fields) =>
        new() { EventType = fields.Text("event_type"), Payload = fields.RawObject("payload") };
}
