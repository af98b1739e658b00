using WebhookDelivery.Testing;

namespace WebhookDelivery.Http.Tests;

/// <summary>The docs' page of hostile receivers says what the catalogue says.</summary>
public sealed class HostileReceiversPageTests
{
    private static readonly string s_page = Path.GetFullPath(
        Path.Combine(NpmVerifier.EmulatorsDirectory, "..", "..", "docs", "hostile-receivers.md")
    );

    private static readonly Dictionary<AttemptEnd, string> s_ends = new()
    {
        [AttemptEnd.AtOnce] = "at once",
        [AttemptEnd.BodyTime] = "body time",
        [AttemptEnd.Deadline] = "deadline",
    };

    [Fact]
    public void Page_EveryRow_IsTheCatalogues() =>
        Assert.Equal(
            HostileReceivers.All.Select(receiver =>
                $"{receiver.Name}: {string.Join(" or ", receiver.Outcomes)}, {s_ends[receiver.Ends]}"
            ),
            Rows()
        );

    [Fact]
    public void Catalogue_Names_AreUnique() =>
        Assert.Equal(
            HostileReceivers.All.Count,
            HostileReceivers.All.DistinctBy(receiver => receiver.Name).Count()
        );

    /// <summary>Receiver, outcome and end of each row of the tables of receivers.</summary>
    private static IEnumerable<string> Rows() =>
        from line in File.ReadLines(s_page)
        where line.StartsWith("| ", StringComparison.Ordinal)
        let cells = line.Trim('|').Split('|').Select(cell => cell.Trim()).ToList()
        where cells.Count == 5 && cells[0] != "receiver"
        select $"{cells[0]}: {cells[2]}, {cells[4].Split(':')[0]}";
}
