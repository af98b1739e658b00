using System.Diagnostics;
using System.Runtime.CompilerServices;
using System.Text.Json;

namespace AwsStandIns.Tests;

/// <summary>What MSBuild makes of a project, without building it.</summary>
internal sealed class ProjectEvaluation : IDisposable
{
    private readonly JsonDocument _items;

    private ProjectEvaluation(JsonDocument items) => _items = items;

    /// <summary>The repository's root.</summary>
    public static string Root { get; } = FindRoot();

    /// <summary>The packages that it references.</summary>
    public IReadOnlyList<string> Packages => Of("PackageReference");

    /// <summary>The names of the projects that it references.</summary>
    public IReadOnlyList<string> Projects =>
        [.. Of("ProjectReference").Select(path => Path.GetFileNameWithoutExtension(path))];

    /// <summary>The packages that have a version.</summary>
    public IReadOnlyList<string> Versions => Of("PackageVersion");

    /// <summary>Evaluates a project.</summary>
    /// <param name="project">Its path from the root.</param>
    /// <param name="official">Whether AWS's own packages are asked for.</param>
    public static async Task<ProjectEvaluation> OfAsync(string project, bool official)
    {
        var start = new ProcessStartInfo(
            "dotnet",
            [
                "msbuild",
                project,
                "-nologo",
                "-getItem:PackageReference,ProjectReference,PackageVersion",
                .. official ? ["-p:OfficialAwsPackages=true"] : Array.Empty<string>(),
            ]
        )
        {
            WorkingDirectory = Root,
            UseShellExecute = false,
            RedirectStandardOutput = true,
        };
        // A test runner of the SDK leaves its own MSBuild's settings to whatever it starts.
        foreach (var name in start.Environment.Keys.Where(IsMsBuild).ToArray())
        {
            start.Environment.Remove(name);
        }

        start.Environment["MSBUILDDISABLENODEREUSE"] = "1";
        using var process = Process.Start(start)!;
        var said = await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();
        return process.ExitCode == 0
            ? new ProjectEvaluation(JsonDocument.Parse(said))
            : throw new InvalidOperationException($"dotnet msbuild failed: {said}");
    }

    public void Dispose() => _items.Dispose();

    private IReadOnlyList<string> Of(string item) =>
        [
            .. _items
                .RootElement.GetProperty("Items")
                .GetProperty(item)
                .EnumerateArray()
                .Select(each => each.GetProperty("Identity").GetString()!),
        ];

    private static bool IsMsBuild(string name) =>
        name.StartsWith("MSBUILD", StringComparison.OrdinalIgnoreCase);

    private static string FindRoot([CallerFilePath] string here = "") =>
        Path.GetFullPath(Path.Combine(Path.GetDirectoryName(here)!, "../.."));
}
