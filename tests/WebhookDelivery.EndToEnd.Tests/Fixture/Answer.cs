using System.Text;
using System.Text.Json;

namespace WebhookDelivery.EndToEnd.Tests;

/// <summary>An answer of the API.</summary>
/// <param name="Status">The HTTP status.</param>
/// <param name="Headers">Every header, by name in any case.</param>
/// <param name="Body">The body's bytes.</param>
public sealed record Answer(int Status, IReadOnlyDictionary<string, string> Headers, byte[] Body)
{
    /// <summary>The body as text.</summary>
    public string Text => Encoding.UTF8.GetString(Body);

    /// <summary>The body as JSON.</summary>
    public JsonElement Json => JsonDocument.Parse(Body).RootElement;

    /// <summary>A member of the body as text.</summary>
    public string this[string member] => Json.GetProperty(member).ToString();

    /// <summary>Everything but the date: what a caller can tell two answers apart by.</summary>
    public string Fingerprint =>
        string.Join(
            '\n',
            Headers
                .Where(header => header.Key != "Date")
                .OrderBy(header => header.Key, StringComparer.Ordinal)
                .Select(header => $"{header.Key}: {header.Value}")
                .Prepend(Status.ToString())
                .Append(Convert.ToHexString(Body))
        );

    /// <summary>Itself, if the status is as expected.</summary>
    public Answer Expect(int status)
    {
        Assert.True(Status == status, $"Expected {status}, got {Status}: {Text}");
        return this;
    }
}
