using System.Text.RegularExpressions;

namespace WebhookDelivery.Architecture.Tests;

public sealed partial class AdrTests
{
    private static IEnumerable<string> Records =>
        Repository.Files.Where(path =>
            path.StartsWith("docs/adr/", StringComparison.Ordinal)
            && path.EndsWith(".md", StringComparison.Ordinal)
            && Path.GetFileName(path) is not ("README.md" or "template.md")
        );

    [Fact]
    public void Records_SayTitleStatusDateAndSummary() =>
        Law.Holds(
            from path in Records
            from fault in Faults(Path.GetFileName(path), Repository.Read(path))
            select $"{path}: {fault}",
            "A decision is found by its title, trusted by its status and date, and grasped by its "
                + "one-line summary; without them nobody reads it."
        );

    [Fact]
    public void Records_HaveUniqueNumbers() =>
        Law.Holds(
            from path in Records
            group path by Number().Match(Path.GetFileName(path)).Value into same
            where same.Count() > 1
            select string.Join(", ", same),
            "Code and docs refer to a decision by its number."
        );

    [Theory]
    [InlineData("Status: Accepted\nDate: 2026-11-01\nSummary: We do this.", "")]
    [InlineData("- **Status:** accepted\n- **Date:** 2026-11-01\n\n> We do this.", "")]
    [InlineData("Date: 2026-11-01\nSummary: We do this.", "no status")]
    [InlineData("Status: maybe\nDate: 2026-11-01\nSummary: We do this.", "no status")]
    [InlineData("Status: Accepted\nDate: soon\nSummary: We do this.", "no date")]
    [InlineData("Status: Accepted\nDate: 2026-11-01\nSummary:\n", "no one-line summary")]
    public void Faults_OfARecord_AreSeen(string head, string fault) =>
        Assert.Equal(
            fault,
            string.Join(',', Faults("0001-a.md", $"# A\n\n{head}\n\n## Context\n").Select(Label))
        );

    [Theory]
    [InlineData("a.md", "# A", "no number")]
    [InlineData("0001-a.md", "A", "no title")]
    public void Faults_OfNumberAndTitle_AreSeen(string file, string title, string fault) =>
        Assert.Equal(
            fault,
            Label(
                Faults(file, $"{title}\n\nStatus: Accepted\nDate: 2026-11-01\nSummary: B.\n")
                    .Single()
            )
        );

    private static string Label(string fault) => fault.Split(" (")[0];

    private static IEnumerable<string> Faults(string file, string text)
    {
        // What is asked for stands in the head; the sections after it are free.
        var head = text.Split("\n## ")[0];
        if (!Number().IsMatch(file))
        {
            yield return "no number (its name begins with one: 0001-title.md)";
        }

        if (!Title().IsMatch(head))
        {
            yield return "no title (the first line: # Title)";
        }

        if (!Status().IsMatch(head))
        {
            yield return "no status (Status: Proposed, Accepted, Rejected, Deprecated or Superseded)";
        }

        if (!Date().IsMatch(head))
        {
            yield return "no date (Date: 2026-01-31)";
        }

        if (!Summary().IsMatch(head))
        {
            yield return "no one-line summary (Summary: one line)";
        }
    }

    [GeneratedRegex(@"^\d+(?=-)")]
    private static partial Regex Number();

    [GeneratedRegex(@"\A# \S")]
    private static partial Regex Title();

    [GeneratedRegex(
        @"^[^\w\n]*Status\W+(Proposed|Accepted|Rejected|Deprecated|Superseded)\b",
        RegexOptions.Multiline | RegexOptions.IgnoreCase | RegexOptions.ExplicitCapture
    )]
    private static partial Regex Status();

    [GeneratedRegex(
        @"^[^\w\n]*Date\W+\d{4}-\d{2}-\d{2}\b",
        RegexOptions.Multiline | RegexOptions.IgnoreCase
    )]
    private static partial Regex Date();

    [GeneratedRegex(
        @"^([^\w\n]*Summary[^\w\n]+\w|> \S)",
        RegexOptions.Multiline | RegexOptions.IgnoreCase | RegexOptions.ExplicitCapture
    )]
    private static partial Regex Summary();
}
