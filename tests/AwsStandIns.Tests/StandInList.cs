using System.Runtime.CompilerServices;

namespace AwsStandIns.Tests;

/// <summary>The members that the stand-ins' README lists, in the block under each assembly's heading.</summary>
internal static class StandInList
{
    /// <summary>The lines of the block for an assembly; none where it has no block.</summary>
    public static IReadOnlyList<string> Of(string assembly) =>
        [
            .. File.ReadLines(Path())
                .SkipWhile(line => !IsHeading(line) || !line.Contains($"`{assembly}`"))
                .Skip(1)
                .TakeWhile(line => !IsHeading(line))
                .SkipWhile(line => !IsFence(line))
                .Skip(1)
                .TakeWhile(line => !IsFence(line)),
        ];

    private static bool IsHeading(string line) => line.StartsWith("## ", StringComparison.Ordinal);

    private static bool IsFence(string line) => line.StartsWith("```", StringComparison.Ordinal);

    private static string Path([CallerFilePath] string here = "") =>
        System.IO.Path.Combine(
            System.IO.Path.GetDirectoryName(here)!,
            "../../src/AwsStandIns/README.md"
        );
}
