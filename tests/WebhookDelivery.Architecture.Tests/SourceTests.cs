using System.Text.RegularExpressions;

namespace WebhookDelivery.Architecture.Tests;

public sealed partial class SourceTests
{
    private const int LinesMax = 399;

    private static readonly string[] s_bucketFolders =
    [
        "Interfaces",
        "Models",
        "Helpers",
        "Utils",
        "Common",
    ];

    private static readonly string[] s_filesWithoutType =
    [
        "Program.cs",
        "GlobalUsings.cs",
        "AssemblyInfo.cs",
    ];

    [Fact]
    public void Folders_AreConcerns() =>
        Law.Holds(
            from folder in Repository.Folders
            where folder.StartsWith("src/", StringComparison.Ordinal)
            where
                s_bucketFolders.Contains(Path.GetFileName(folder), StringComparer.OrdinalIgnoreCase)
            select folder,
            "A folder is a concern and holds all of it: a bucket by kind spreads each change over "
                + "the whole tree."
        );

    [Fact]
    public void Files_HoldOneTypeNamedLikeThem() =>
        Law.Holds(
            from path in OwnSources
            let types = SourceText.TopLevelTypes(Repository.Read(path)).Distinct().ToList()
            let wanted = Path.GetFileName(path).Split('.', '{', '`')[0]
            where types.Count != 1 || types[0] != wanted
            where types.Count > 0 || !s_filesWithoutType.Contains(Path.GetFileName(path))
            select $"{path} declares {(types.Count == 0 ? "no type" : string.Join(", ", types))}",
            "One top-level type per file, named like it (Foo.cs; Foo.Bar.cs for a part of Foo): who "
                + "looks for a type opens its file without a search."
        );

    [Fact]
    public void Files_AreShort() =>
        Law.Holds(
            from path in Repository.ProductSources
            let lines = File.ReadLines(Repository.Absolute(path)).Count()
            where lines > LinesMax
            select $"{path} has {lines} lines, {LinesMax} are allowed",
            "A file of 400 lines does more than one thing: take one of them out."
        );

    [Fact]
    public void Core_StaysOnItsSynchronizationContext() =>
        Law.Holds(
            from path in Repository.ProductSources
            where path.StartsWith("src/WebhookDelivery.Core/", StringComparison.Ordinal)
            from call in ContextEscapes(Repository.Read(path))
            select $"{path}: {call}",
            "A simulation installs its own SynchronizationContext and must see every continuation: "
                + "ConfigureAwait(false), and options which do not continue on the captured context, "
                + "let work escape it."
        );

    [Theory]
    [InlineData("await a.ConfigureAwait(false);", true)]
    [InlineData("await a.ConfigureAwait( continueOnCapturedContext: false );", true)]
    [InlineData("await a\n    .ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);", true)]
    [InlineData("await a.ConfigureAwait(true);", false)]
    [InlineData("await a.ConfigureAwait(ConfigureAwaitOptions.ContinueOnCapturedContext);", false)]
    [InlineData("// no ConfigureAwait(false) here", false)]
    public void ContextEscapes_OfACall_AreSeen(string source, bool seen) =>
        Assert.Equal(seen, ContextEscapes(source).Any());

    // The stand-ins repeat the layout of the packages whose place they take.
    private static IEnumerable<string> OwnSources =>
        Repository.ProductSources.Where(path =>
            !path.StartsWith("src/AwsStandIns/", StringComparison.Ordinal)
        );

    private static IEnumerable<string> ContextEscapes(string source) =>
        ConfigureAwait()
            .Matches(SourceText.CodeOf(source))
            .Where(call => !Stays().IsMatch(call.Groups["argument"].Value))
            .Select(call => call.Value);

    [GeneratedRegex(@"\bConfigureAwait\s*\((?<argument>[^)]*)\)", RegexOptions.ExplicitCapture)]
    private static partial Regex ConfigureAwait();

    [GeneratedRegex(@"\b(true|ContinueOnCapturedContext)\b", RegexOptions.ExplicitCapture)]
    private static partial Regex Stays();
}
