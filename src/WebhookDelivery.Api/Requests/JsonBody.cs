using System.Text.Json;
using System.Text.Unicode;
using Microsoft.AspNetCore.Http;

namespace WebhookDelivery.Api;

/// <summary>What a management request's body turned out to be: members to read, or a refusal.</summary>
internal abstract record JsonBody
{
    /// <summary>Most bytes of such a body, inclusive: 64 KiB.</summary>
    public const int BytesMax = 64 * 1024;

    /// <summary>
    /// Deep enough for a payload filter, two levels for each of its own, and to say of one that is
    /// deeper what is wrong with it.
    /// </summary>
    private const int DepthMax = 16;

    private JsonBody() { }

    internal sealed record Members(Fields Fields) : JsonBody;

    internal sealed record Refused(Problem Problem) : JsonBody;

    /// <summary>Reads a JSON object.</summary>
    /// <param name="context">The request.</param>
    /// <param name="optional">Whether no body at all stands for an empty object.</param>
    /// <param name="bytesMax">Most bytes, inclusive.</param>
    /// <param name="depthMax">Most levels of objects and arrays in each other, inclusive.</param>
    /// <param name="room">Where the memory of a larger body is taken from; null for one that is small.</param>
    /// <exception cref="Core.StoreUnavailableException">There is no room for it now.</exception>
    public static async ValueTask<JsonBody> ReadAsync(
        HttpContext context,
        bool optional = false,
        int bytesMax = BytesMax,
        int depthMax = DepthMax,
        BodyRoom? room = null
    )
    {
        var bytes = await BodyReading.ReadAsync(context, bytesMax, room);
        if (bytes is null)
        {
            return new Refused(Problems.TooLarge(bytesMax));
        }

        if (bytes.Length == 0)
        {
            return optional ? new Members(Fields.None()) : Invalid("The body is empty.");
        }

        if (!MediaType.IsJson(context.Request.Headers))
        {
            return new Refused(Problems.NotJson);
        }

        var body = Parse(bytes, depthMax);
        if (body is Members members)
        {
            await members.Fields.NameAsync(context);
        }

        return body;
    }

    private static JsonBody Parse(byte[] bytes, int depthMax)
    {
        if (!Utf8.IsValid(bytes))
        {
            return Invalid("The body is not valid UTF-8.");
        }

        try
        {
            var root = JsonElement.Parse(bytes, new JsonDocumentOptions { MaxDepth = depthMax });
            return root.ValueKind == JsonValueKind.Object
                ? new Members(Fields.Of(root))
                : Invalid("The body must be a JSON object.");
        }
        catch (JsonException exception)
        {
            return Invalid(
                $"The body is not valid JSON (line {exception.LineNumber + 1}, byte {exception.BytePositionInLine + 1})."
            );
        }
    }

    private static Refused Invalid(string detail) =>
        new(new Problem(ErrorCodes.InvalidJson, detail));
}
