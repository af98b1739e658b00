using System.Text.Json;

namespace WebhookDelivery.EndToEnd.Tests;

/// <summary>
/// Compares answers as a client of an earlier version reads them: what it knows must be there and the
/// same; members that have come since do not exist for it.
/// </summary>
internal static class EarlierAnswer
{
    /// <summary>Fails if something of the earlier answer is missing or another.</summary>
    public static void AssertIn(string path, string earlier, string now) =>
        Compare(path, JsonDocument.Parse(earlier).RootElement, JsonDocument.Parse(now).RootElement);

    private static void Compare(string path, JsonElement earlier, JsonElement now)
    {
        Assert.Equal((path, earlier.ValueKind), (path, now.ValueKind));
        switch (earlier.ValueKind)
        {
            case JsonValueKind.Object:
                foreach (var member in earlier.EnumerateObject())
                {
                    var inside = $"{path} {member.Name}";
                    Assert.True(now.TryGetProperty(member.Name, out var value), inside);
                    Compare(inside, member.Value, value);
                }

                break;
            case JsonValueKind.Array:
                var elements = earlier.EnumerateArray().Zip(now.EnumerateArray()).ToList();
                Assert.Equal(
                    (path, earlier.GetArrayLength(), now.GetArrayLength()),
                    (path, elements.Count, elements.Count)
                );
                for (var i = 0; i < elements.Count; i++)
                {
                    Compare($"{path} [{i}]", elements[i].First, elements[i].Second);
                }

                break;
            default:
                Assert.Equal((path, earlier.GetRawText()), (path, now.GetRawText()));
                break;
        }
    }
}
