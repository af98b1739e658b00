using System.Text.Json;

namespace WebhookDelivery.Core;

/// <summary>What receivers make of a body that they parse and write again, as far as it can be guessed.</summary>
internal static class RewrittenBodies
{
    private static readonly JsonDocumentOptions s_reading = new()
    {
        MaxDepth = PayloadInspector.DepthMax + 1,
    };

    /// <summary>The bodies that it may have become, those that equal it left out.</summary>
    public static IEnumerable<(byte[] Body, string Words)> Of(ReadOnlyMemory<byte> body)
    {
        List<(byte[] Body, string Words)> all =
        [
            ([.. body.Span, (byte)'\n'], "the body with a newline behind it"),
            (body.Span.Trim(" \t\r\n"u8).ToArray(), "the body without the white space around it"),
        ];
        if (Parse(body) is { } root)
        {
            all.Add(
                (
                    JsonWriting.Write(root, JsonWritingStyle.Compact),
                    "the JSON parsed and written again without white space (as JSON.stringify does)"
                )
            );
            all.Add(
                (
                    JsonWriting.Write(root, JsonWritingStyle.Spaced),
                    "the JSON parsed and written again with spaces and escapes (as Python's json.dumps does)"
                )
            );
        }

        return all.Where(each => !body.Span.SequenceEqual(each.Body));
    }

    private static JsonElement? Parse(ReadOnlyMemory<byte> body)
    {
        try
        {
            return JsonElement.Parse(body.Span, s_reading);
        }
        catch (JsonException)
        {
            return null;
        }
    }
}
