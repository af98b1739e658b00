using System.Text;
using System.Text.Json.Nodes;

namespace WebhookDelivery.Testing;

/// <summary>The ways in which AWS, or the way to it, fails: rules for a <see cref="FaultProxy"/>.</summary>
public static class AwsFault
{
    /// <summary>Refuses, as AWS does in JSON: `{"__type": …, "message": …}`.</summary>
    /// <param name="code">The error's code, such as ThrottlingException.</param>
    /// <param name="status">The HTTP status.</param>
    public static ProxyRule Refuse(string code, int status = 400) =>
        (_, _) => Task.FromResult<ProxiedResponse?>(Refusal(code, status));

    /// <summary>Refuses, but only after the emulator has done what was asked for.</summary>
    /// <param name="code">The error's code.</param>
    /// <param name="status">The HTTP status.</param>
    public static ProxyRule RefuseAfter(string code, int status = 500) =>
        async (request, forward) =>
        {
            await forward(request);
            return Refusal(code, status);
        };

    /// <summary>Cuts the connection; the emulator hears of nothing.</summary>
    public static ProxyRule DropBefore() => (_, _) => Task.FromResult<ProxiedResponse?>(null);

    /// <summary>
    /// Cuts the connection after the emulator has done what was asked for. .NET's HTTP client may send
    /// the request again by itself: limit how often the rule applies, or expect it to happen often.
    /// </summary>
    public static ProxyRule DropAfter() =>
        async (request, forward) =>
        {
            await forward(request);
            return null;
        };

    /// <summary>Passes the request on once the task is done, such as a gate that a test opens.</summary>
    public static ProxyRule After(Task gate) =>
        async (request, forward) =>
        {
            await gate;
            return await forward(request);
        };

    /// <summary>
    /// Refuses some entries of a SendMessageBatch, DeleteMessageBatch or ChangeMessageVisibilityBatch:
    /// the emulator gets the others, and the answer lists these in `Failed`.
    /// </summary>
    /// <param name="which">Whether to refuse an entry, given as JSON.</param>
    /// <param name="code">The error's code.</param>
    /// <param name="senderFault">Whether AWS blames the sender, so that trying again is no use.</param>
    public static ProxyRule FailEntries(
        Func<JsonObject, bool> which,
        string code = "InternalError",
        bool senderFault = false
    ) =>
        async (request, forward) =>
        {
            var body = request.Json();
            var entries = body["Entries"]!.AsArray().Select(entry => entry!.AsObject()).ToList();
            var failing = entries.Where(which).ToList();
            var passing = entries.Except(failing).Select(entry => entry.DeepClone());
            body["Entries"] = new JsonArray([.. passing]);
            var answer =
                failing.Count == entries.Count
                    ? Answer(200, new JsonObject { ["Successful"] = new JsonArray() })
                    : await forward(
                        request with
                        {
                            Body = Encoding.UTF8.GetBytes(body.ToJsonString()),
                        }
                    );
            var changed = answer.Json();
            var failed = changed["Failed"]?.AsArray() ?? [];
            foreach (var entry in failing)
            {
                failed.Add(
                    new JsonObject
                    {
                        ["Id"] = entry["Id"]!.DeepClone(),
                        ["Code"] = code,
                        ["SenderFault"] = senderFault,
                        ["Message"] = "refused by the test",
                    }
                );
            }

            changed["Failed"] = failed.Parent is null ? failed : failed.DeepClone();
            return answer.With(changed);
        };

    private static ProxiedResponse Refusal(string code, int status)
    {
        var answer = Answer(
            status,
            new JsonObject
            {
                ["__type"] = $"com.amazonaws#{code}",
                ["message"] = "refused by the test",
            }
        );
        return answer with
        {
            Headers = new Dictionary<string, string>(
                answer.Headers,
                StringComparer.OrdinalIgnoreCase
            )
            {
                ["x-amzn-query-error"] = $"{code};{(status < 500 ? "Sender" : "Receiver")}",
            },
        };
    }

    private static ProxiedResponse Answer(int status, JsonObject body) =>
        new()
        {
            Status = status,
            Headers = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase)
            {
                ["Content-Type"] = "application/x-amz-json-1.0",
            },
            Body = Encoding.UTF8.GetBytes(body.ToJsonString()),
        };
}
