using System.Diagnostics;

namespace WebhookDelivery.Architecture.Tests;

/// <summary>The working tree which these tests were built from. Paths are relative, with `/`.</summary>
internal static class Repository
{
    public const string Solution = "WebhookDelivery.sln";

    public static string Root { get; } = FindRoot();

    /// <summary>What is committed or staged.</summary>
    public static IReadOnlyList<string> TrackedFiles { get; } = Git("ls-files", "-z");

    /// <summary>What is committed, or would be by `git add .`: a law must bite before the commit.</summary>
    public static IReadOnlyList<string> Files { get; } =
    [
        .. Git("ls-files", "-z", "--cached", "--others", "--exclude-standard")
            .Distinct(StringComparer.Ordinal)
            .Where(path => File.Exists(Absolute(path))),
    ];

    /// <summary>Every folder which holds a file, directly or deeper.</summary>
    public static IReadOnlySet<string> Folders { get; } =
        Files.SelectMany(Ancestors).ToHashSet(StringComparer.Ordinal);

    public static IEnumerable<string> ProductSources =>
        Files.Where(path => path.StartsWith("src/", StringComparison.Ordinal) && IsCSharp(path));

    public static IEnumerable<string> ProjectFiles =>
        Files.Where(path => path.EndsWith(".csproj", StringComparison.Ordinal));

    /// <summary>What MSBuild reads: projects and the files that they import.</summary>
    public static IEnumerable<string> BuildFiles =>
        Files.Where(path => Path.GetExtension(path) is ".csproj" or ".props" or ".targets");

    public static string Absolute(string path) => Path.Combine(Root, path);

    public static string Read(string path) => File.ReadAllText(Absolute(path));

    private static bool IsCSharp(string path) => path.EndsWith(".cs", StringComparison.Ordinal);

    private static IEnumerable<string> Ancestors(string path)
    {
        for (var slash = path.LastIndexOf('/'); slash > 0; slash = path.LastIndexOf('/', slash - 1))
        {
            yield return path[..slash];
        }
    }

    private static string FindRoot()
    {
        for (
            var folder = new DirectoryInfo(AppContext.BaseDirectory);
            folder is not null;
            folder = folder.Parent
        )
        {
            if (File.Exists(Path.Combine(folder.FullName, Solution)))
            {
                return folder.FullName;
            }
        }

        throw new InvalidOperationException($"No {Solution} above {AppContext.BaseDirectory}.");
    }

    private static string[] Git(params string[] arguments)
    {
        // A build agent may own the tree under another user: reading the list of files is harmless.
        var start = new ProcessStartInfo("git", ["-c", "safe.directory=*", .. arguments])
        {
            WorkingDirectory = Root,
            RedirectStandardOutput = true,
            UseShellExecute = false,
        };
        using var git = Process.Start(start)!;
        var output = git.StandardOutput.ReadToEnd();
        git.WaitForExit();
        return git.ExitCode == 0
            ? output.Split('\0', StringSplitOptions.RemoveEmptyEntries)
            : throw new InvalidOperationException($"git ended with exit code {git.ExitCode}.");
    }
}
