using WebhookDelivery.Signatures;

namespace WebhookDelivery.Core;

/// <summary>What a receiver may have computed a MAC over.</summary>
/// <param name="Lead">The text in front of the body.</param>
/// <param name="HasBody">Whether the body follows.</param>
/// <param name="Tail">The text behind the body.</param>
/// <param name="RightFor">The scheme that signs this; null if none does.</param>
/// <param name="Words">What it is, to follow "computed over".</param>
internal sealed record ContentForm(
    string Lead,
    bool HasBody,
    string Tail,
    SignatureSchemes? RightFor,
    string Words
)
{
    private static readonly string[] s_separators = ["", ":", ",", "|", "-", "_", " ", "\n", ";"];

    /// <summary>The right contents and those that receivers are known to take instead, the right ones first.</summary>
    /// <param name="id">The webhook id; null if there is none.</param>
    /// <param name="times">The timestamps stated.</param>
    public static IReadOnlyList<ContentForm> Of(string? id, IReadOnlyList<string> times)
    {
        var forms = new List<ContentForm>();
        foreach (var time in times)
        {
            forms.Add(Body($"{time}.", "timestamp.body", SignatureSchemes.Stripe));
            if (id is not null)
            {
                forms.Add(
                    Body($"{id}.{time}.", "id.timestamp.body", SignatureSchemes.StandardWebhooks)
                );
            }
        }

        forms.Add(Body("", "the body alone"));
        if (id is not null)
        {
            forms.Add(Body($"{id}.", "id.body, without the timestamp"));
        }

        foreach (var time in times)
        {
            forms.AddRange(WithTime(time));
            forms.AddRange(id is null ? [] : WithIdAndTime(id, time));
        }

        return [.. forms.DistinctBy(each => (each.Lead, each.HasBody, each.Tail))];
    }

    /// <summary>What a scheme signs.</summary>
    public static string Expected(SignatureSchemes scheme) =>
        scheme == SignatureSchemes.Stripe ? "timestamp.body" : "id.timestamp.body";

    private static IEnumerable<ContentForm> WithTime(string time)
    {
        yield return Body($"{time}000.", "timestamp.body with a timestamp in milliseconds");
        yield return new($"", true, $".{time}", null, "body.timestamp, the wrong way round");
        yield return new($"{time}.", false, "", null, "the timestamp without the body");
        foreach (var separator in s_separators)
        {
            yield return Body(
                $"{time}{separator}",
                "timestamp and body with another separator than a full stop"
            );
        }
    }

    private static IEnumerable<ContentForm> WithIdAndTime(string id, string time)
    {
        yield return Body($"{id}.{time}000.", "id.timestamp.body with a timestamp in milliseconds");
        yield return Body($"{time}.{id}.", "timestamp.id.body, the wrong way round");
        yield return new($"{id}.{time}", false, "", null, "id and timestamp without the body");
        yield return new($"{id}.{time}.", false, "", null, "id and timestamp without the body");
        foreach (var separator in s_separators)
        {
            yield return Body(
                $"{id}{separator}{time}{separator}",
                "id, timestamp and body with another separator than a full stop"
            );
        }
    }

    private static ContentForm Body(string lead, string words, SignatureSchemes? rightFor = null) =>
        new(lead, true, "", rightFor, words);
}
