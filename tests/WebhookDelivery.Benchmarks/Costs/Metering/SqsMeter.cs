using System.Text;
using System.Text.Json.Nodes;
using WebhookDelivery.Testing;

namespace WebhookDelivery.Benchmarks;

/// <summary>Counts requests to SQS. Pure, but for passing them on.</summary>
internal static class SqsMeter
{
    /// <summary>
    /// What one request covers of an action's payload.
    /// Source: https://aws.amazon.com/sqs/pricing/.
    /// </summary>
    private const int ChunkBytes = 64 * 1024;

    public static async Task<(ProxiedResponse, AwsCall)> PassAsync(
        ProxiedRequest request,
        Func<ProxiedRequest, Task<ProxiedResponse>> forward
    )
    {
        var response = await forward(request);
        return (response, Count(request, response));
    }

    private static AwsCall Count(ProxiedRequest request, ProxiedResponse response)
    {
        var bodies = request.Operation switch
        {
            "SendMessage" => [Text(request.Json(), "MessageBody")],
            "SendMessageBatch" => Texts(request.Json(), "Entries", "MessageBody"),
            "ReceiveMessage" when response.Status == 200 => Texts(
                response.Json(),
                "Messages",
                "Body"
            ),
            _ => [],
        };
        var bytes = bodies.Sum(Encoding.UTF8.GetByteCount);
        return new AwsCall
        {
            Service = "SQS",
            Operation = request.Operation,
            // A poll that brings nothing is owed to the time that passes.
            IsOfEvent = request.Operation != "ReceiveMessage" || bodies.Count > 0,
            Messages = request.Operation switch
            {
                "DeleteMessage" => 1,
                "DeleteMessageBatch" => Entries(request.Json(), "Entries").Count,
                _ => bodies.Count,
            },
            BilledRequests = Math.Max(1, (bytes + ChunkBytes - 1) / ChunkBytes),
        };
    }

    private static List<string> Texts(JsonObject body, string list, string member) =>
        [.. Entries(body, list).Select(entry => Text(entry!.AsObject(), member))];

    private static JsonArray Entries(JsonObject body, string list) => body[list]?.AsArray() ?? [];

    private static string Text(JsonObject body, string member) => body[member]!.GetValue<string>();
}
