using System.Diagnostics.CodeAnalysis;
using System.Text.Json;

namespace WebhookDelivery.Api;

/// <summary>
/// Reads JSON strings that may escape half a surrogate pair: valid by RFC 8259's grammar, but no
/// Unicode text, and so an exception from the framework.
/// </summary>
internal static class JsonText
{
    public static bool TryRead(JsonElement element, [NotNullWhen(true)] out string? text)
    {
        text = null;
        if (element.ValueKind != JsonValueKind.String)
        {
            return false;
        }

        try
        {
            text = element.GetString()!;
            return true;
        }
        catch (InvalidOperationException)
        {
            return false;
        }
    }

    public static bool TryReadName(JsonProperty property, [NotNullWhen(true)] out string? name)
    {
        try
        {
            name = property.Name;
            return true;
        }
        catch (InvalidOperationException)
        {
            name = null;
            return false;
        }
    }
}
