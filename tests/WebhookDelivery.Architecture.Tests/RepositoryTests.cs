using System.Text.RegularExpressions;

namespace WebhookDelivery.Architecture.Tests;

public sealed partial class RepositoryTests
{
    private static readonly string[] s_rootEntries =
    [
        ".ci",
        ".config",
        ".csharpierignore",
        ".csharpierrc.yaml",
        ".dockerignore",
        ".editorconfig",
        ".gitattributes",
        ".gitignore",
        "CHANGELOG.md",
        "CONTRIBUTING.md",
        "LICENSE",
        "README.md",
        "SECURITY.md",
        Repository.Solution,
        "deploy",
        "docs",
        "global.json",
        "nuget.config",
        "scripts",
        "src",
        "tests",
    ];

    // Written so that this file does not hold what it looks for.
    [GeneratedRegex(@"(?<![\w.}*-])/(wor[k]|tm[p]/wt|roo[t])/")]
    private static partial Regex MachinePath();

    [GeneratedRegex(@"^Directory\.\w+\.(props|targets)$", RegexOptions.ExplicitCapture)]
    private static partial Regex DirectoryFile();

    [GeneratedRegex("\"(?<path>[^\"]+\\.csproj)\"", RegexOptions.ExplicitCapture)]
    private static partial Regex SolutionProject();

    [GeneratedRegex("\"resolved\"\\s*:\\s*\"https?:")]
    private static partial Regex ResolvedHost();

    [Fact]
    public void Root_HoldsTheAgreedEntriesOnly() =>
        Law.Holds(
            from path in Repository.Files
            let entry = path.Split('/')[0]
            where !s_rootEntries.Contains(entry) && !DirectoryFile().IsMatch(entry)
            select entry,
            "The root is the first page that a visitor reads: what is added there is agreed on, and "
                + "then listed in this test."
        );

    [Fact]
    public void Solution_AndProjects_AgreeOnEachOther()
    {
        var listed = SolutionProject()
            .Matches(Repository.Read(Repository.Solution))
            .Select(match => match.Groups["path"].Value.Replace('\\', '/'))
            .ToHashSet(StringComparer.Ordinal);
        var present = Repository.ProjectFiles.ToHashSet(StringComparer.Ordinal);

        Law.Holds(
            present
                .Except(listed)
                .Select(path => $"{path} is not in {Repository.Solution}")
                .Concat(listed.Except(present).Select(path => $"{path} does not exist")),
            "Build, editors and scripts/test.sh read the solution: a project outside it is never "
                + "built or tested."
        );
    }

    [Fact]
    public void Lockfiles_AreThereAndTracked() =>
        Law.Holds(
            from project in Repository.ProjectFiles
            let lockFile = project[..(project.LastIndexOf('/') + 1)] + "packages.lock.json"
            where !Repository.TrackedFiles.Contains(lockFile)
            select lockFile,
            "Without a tracked lock two clones of one commit restore different packages."
        );

    [Fact]
    public void Lockfiles_NameNoHost() =>
        Law.Holds(
            from path in Repository.Files
            where Path.GetFileName(path) is "packages.lock.json" or "package-lock.json"
            where NamesHost(path, Repository.Read(path))
            select path,
            "Where packages come from is a setting of the machine: a host in a lock file ties every "
                + "clone to the registry of whoever wrote it."
        );

    [Fact]
    public void TextFiles_NameNoPathOfAMachine() =>
        Law.Holds(
            from path in Repository.Files
            let text = Repository.Read(path)
            where !text.Contains('\0', StringComparison.Ordinal)
            from match in MachinePath().Matches(text)
            select $"{path} names {match.Value}",
            "A path of one machine is wrong on every other one, and tells where its author worked."
        );

    [Theory]
    [InlineData("/tm" + "p/wt/a", true)]
    [InlineData("cd '/wor" + "k/main'", true)]
    [InlineData("https://example.com/wor" + "k/a", false)]
    [InlineData("src/wor" + "k/a", false)]
    public void MachinePath_InAText_IsSeen(string text, bool seen) =>
        Assert.Equal(seen, MachinePath().IsMatch(text));

    [Theory]
    [InlineData("packages.lock.json", "\"https://a\"", true)]
    [InlineData("packages.lock.json", "\"resolved\": \"1.0.0\"", false)]
    [InlineData("package-lock.json", "\"resolved\": \"https://a/b.tgz\"", true)]
    [InlineData("package-lock.json", "\"funding\": { \"url\": \"https://a\" }", false)]
    public void NamesHost_OfALockfile_IsSeen(string path, string text, bool seen) =>
        Assert.Equal(seen, NamesHost(path, text));

    // An npm lock also quotes each author's donation page, which is no place to load from.
    private static bool NamesHost(string path, string text) =>
        Path.GetFileName(path) == "package-lock.json"
            ? ResolvedHost().IsMatch(text)
            : text.Contains("http://", StringComparison.OrdinalIgnoreCase)
                || text.Contains("https://", StringComparison.OrdinalIgnoreCase);
}
