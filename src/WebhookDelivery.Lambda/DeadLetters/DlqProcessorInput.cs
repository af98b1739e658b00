using System.Text.Json;
using WebhookDelivery.Aws;
using WebhookDelivery.Core;

namespace WebhookDelivery.Lambda;

/// <summary>
/// Reads the DLQ processor's input: <c>batchSize</c>, <c>maxMessages</c>, <c>tenantId</c> and
/// <c>endpointId</c>, all optional. A member that is not known is a fault: it may be a filter that was
/// mistyped, and without it more would be requeued than was meant.
/// </summary>
internal sealed class DlqProcessorInput
{
    private const int BatchSizeMax = 10;

    private readonly SortedDictionary<string, string[]> _errors = new(StringComparer.Ordinal);

    /// <summary>What is wrong with it; empty if nothing is.</summary>
    public SortedDictionary<string, string[]> Errors => _errors;

    /// <summary>What it asks for; meaningless if there are errors.</summary>
    public DeadLetterRequest Request { get; private set; } = new();

    public static DlqProcessorInput Read(JsonElement json)
    {
        var input = new DlqProcessorInput();
        if (json.ValueKind == JsonValueKind.Object)
        {
            foreach (var member in json.EnumerateObject())
            {
                input.Read(Unicode(() => member.Name) ?? "", member.Value);
            }
        }
        else if (json.ValueKind is not (JsonValueKind.Null or JsonValueKind.Undefined))
        {
            input.Fault("", "Must be a JSON object.");
        }

        return input;
    }

    private void Read(string name, JsonElement value)
    {
        if (value.ValueKind == JsonValueKind.Null)
        {
            // As if it were not there, for callers that write what they do not set as null.
            return;
        }

        switch (name)
        {
            case "batchSize" when Whole(name, value, BatchSizeMax) is { } size:
                Request = Request with { BatchSize = size };
                break;
            case "maxMessages" when Whole(name, value, DeadLetterRequest.MaxMessagesMax) is { } max:
                Request = Request with { MaxMessages = max };
                break;
            case "tenantId" when TenantId.TryParse(Text(value), out var tenant):
                Request = Request with { TenantId = tenant };
                break;
            case "endpointId" when EndpointId.TryParse(Text(value), out var endpoint):
                Request = Request with { EndpointId = endpoint };
                break;
            case "batchSize" or "maxMessages":
                // Whole has said what is wrong.
                break;
            case "tenantId":
                Fault(name, "Must be a tenant's id.");
                break;
            case "endpointId":
                Fault(name, "Must be an endpoint's id.");
                break;
            default:
                Fault(
                    name,
                    "Is not known: there are batchSize, maxMessages, tenantId and endpointId."
                );
                break;
        }
    }

    private int? Whole(string name, JsonElement value, int max)
    {
        if (
            value.ValueKind == JsonValueKind.Number
            && value.TryGetInt32(out var number)
            && number >= 1
            && number <= max
        )
        {
            return number;
        }

        Fault(name, $"Must be a whole number from 1 to {max}.");
        return null;
    }

    private void Fault(string name, string what) => _errors[name] = [what];

    private static string? Text(JsonElement value) =>
        value.ValueKind == JsonValueKind.String ? Unicode(value.GetString) : null;

    /// <summary>Null where half a surrogate pair is escaped: JSON by its grammar, but no text.</summary>
    private static string? Unicode(Func<string?> read)
    {
        try
        {
            return read();
        }
        catch (InvalidOperationException)
        {
            return null;
        }
    }
}
