using System.Text.Json;

namespace WebhookDelivery.Server;

/// <summary>An answer of the API.</summary>
/// <param name="Status">The HTTP status.</param>
/// <param name="Json">The body; undefined if it is empty.</param>
/// <param name="Text">The body as text.</param>
/// <param name="Replayed">Whether it repeats the first answer to an idempotency key.</param>
internal sealed record ApiAnswer(int Status, JsonElement Json, string Text, bool Replayed)
{
    /// <summary>A text member; empty if absent.</summary>
    public string this[string member] =>
        Json.ValueKind == JsonValueKind.Object && Json.TryGetProperty(member, out var value)
            ? value.ToString()
            : "";

    /// <summary>Itself, if the status is as expected.</summary>
    /// <exception cref="HttpRequestException">It is another one.</exception>
    public ApiAnswer Expect(int status) =>
        Status == status
            ? this
            : throw new HttpRequestException(
                $"The server answered {Status} instead of {status}: {Text}"
            );
}
