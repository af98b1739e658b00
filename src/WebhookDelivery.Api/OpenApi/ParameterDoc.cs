using System.Globalization;
using System.Text.Json.Nodes;
using Microsoft.OpenApi;

namespace WebhookDelivery.Api;

/// <summary>A parameter of a route, for its description.</summary>
/// <param name="Name">Its name.</param>
/// <param name="In">Where it stands.</param>
/// <param name="Text">What it does.</param>
/// <param name="Type">Its JSON type.</param>
/// <param name="Format">Its format, such as date-time; null for none.</param>
internal sealed record ParameterDoc(
    string Name,
    ParameterLocation In,
    string Text,
    JsonSchemaType Type = JsonSchemaType.String,
    string? Format = null
)
{
    public static readonly ParameterDoc Limit = new(
        "limit",
        ParameterLocation.Query,
        $"Items per page, 1 to {QueryReader.LimitMax}; default {QueryReader.LimitDefault}.",
        JsonSchemaType.Integer
    )
    {
        Bounds = (1, QueryReader.LimitMax),
        Default = QueryReader.LimitDefault,
    };

    public static readonly ParameterDoc Cursor = new(
        "cursor",
        ParameterLocation.Query,
        "The next_cursor of the page before, with the same filters."
    );

    public static readonly ParameterDoc EndpointId = new(
        "endpoint_id",
        ParameterLocation.Query,
        "Only what goes to this endpoint, named by its id or its external id."
    );

    public static readonly ParameterDoc Since = new(
        "since",
        ParameterLocation.Query,
        "Only events accepted at or after this time.",
        Format: "date-time"
    );

    public static readonly ParameterDoc Until = new(
        "until",
        ParameterLocation.Query,
        "Only events accepted before this time.",
        Format: "date-time"
    );

    public static readonly ParameterDoc SinceHour = new(
        "since",
        ParameterLocation.Query,
        $"The first hour, or any time in it; at most {StatisticsReading.HoursMax} hours before until. Default: {StatisticsReading.HoursDefault} hours before it.",
        Format: "date-time"
    );

    public static readonly ParameterDoc UntilHour = new(
        "until",
        ParameterLocation.Query,
        "The end of the last hour, or any time in it. Default: now.",
        Format: "date-time"
    );

    public static readonly ParameterDoc Status = new(
        "status",
        ParameterLocation.Query,
        "Only events of which some delivery has this status."
    )
    {
        Codes = OneOfAttribute.DeliveryStatuses,
    };

    public static readonly ParameterDoc EventType = new(
        "type",
        ParameterLocation.Query,
        "Only events of exactly this type; patterns, with *, are refused."
    );

    public static readonly ParameterDoc OneEndpointId = new(
        "endpoint_id",
        ParameterLocation.Query,
        "The endpoint, deleted or not. Required."
    );

    public static readonly ParameterDoc DeliveryStatuses = new(
        "status",
        ParameterLocation.Query,
        $"Only deliveries that stand in one of these, joined by commas: {string.Join(", ", OneOfAttribute.DeliveryStatuses)}."
    );

    public static readonly ParameterDoc Reasons = new(
        "reason",
        ParameterLocation.Query,
        $"Only deliveries whose last_reason is one of these, joined by commas: {string.Join(", ", OneOfAttribute.Reasons)}."
    );

    public static readonly ParameterDoc EventTypePattern = new(
        "type",
        ParameterLocation.Query,
        "Only events whose type matches: * stands for one whole segment, ** for the rest."
    );

    public static readonly ParameterDoc EventTypeHeader = new(
        IntakeHeaders.TypeHeader,
        ParameterLocation.Header,
        "The event's type, 1 to 255 printable ASCII characters. Without it, the payload states the type."
    );

    public static readonly ParameterDoc IdempotencyKey = new(
        IntakeHeaders.KeyHeader,
        ParameterLocation.Header,
        "1 to 255 printable ASCII characters, kept for 24 hours: the same key and body give the first answer again."
    );

    public static readonly ParameterDoc TraceParent = new(
        "traceparent",
        ParameterLocation.Header,
        "The W3C trace context, passed along with the event."
    );

    /// <summary>Its least and greatest value, both inclusive; null for none.</summary>
    public (int Min, int Max)? Bounds { get; init; }

    /// <summary>What its absence means; null for nothing that is a number.</summary>
    public int? Default { get; init; }

    /// <summary>The only texts that it may hold; null for any.</summary>
    public IReadOnlyList<string>? Codes { get; init; }

    public OpenApiSchema ToSchema() =>
        new()
        {
            Type = Type,
            Format = Format,
            Minimum = Bounds?.Min.ToString(CultureInfo.InvariantCulture),
            Maximum = Bounds?.Max.ToString(CultureInfo.InvariantCulture),
            Default = Default,
            Enum = Codes?.Select(code => (JsonNode)code).ToList(),
        };
}
