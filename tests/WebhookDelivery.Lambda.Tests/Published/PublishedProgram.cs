using System.Diagnostics;
using System.Runtime.CompilerServices;

namespace WebhookDelivery.Lambda.Tests;

/// <summary>The functions' program as a deployment publishes it: once for all tests of this process.</summary>
internal static class PublishedProgram
{
    private static readonly Lazy<Task<string>> s_assembly = new(PublishAsync);

    /// <summary>The published assembly; published at the first call.</summary>
    public static Task<string> AssemblyAsync() => s_assembly.Value;

    /// <summary>
    /// Apart from the usual build, and with no lock file: a runtime identifier resolves another graph,
    /// which must neither be checked against the locks nor written to them.
    /// </summary>
    private static async Task<string> PublishAsync()
    {
        var root = Root();
        var output = Path.Combine(root, "artifacts", "lambda-tests");
        var start = new ProcessStartInfo(
            "dotnet",
            [
                "publish",
                "src/WebhookDelivery.Lambda",
                "--configuration=Release",
                "--runtime=linux-x64",
                "--self-contained=false",
                "--artifacts-path=artifacts/lambda-tests-build",
                $"--output={output}",
                "--verbosity=quiet",
                "--nologo",
                "-p:RunAnalyzers=false",
            ]
        )
        {
            WorkingDirectory = root,
            UseShellExecute = false,
            RedirectStandardOutput = true,
        };
        // A test runner of the SDK leaves its own MSBuild's settings to whatever it starts.
        foreach (var name in start.Environment.Keys.Where(IsMsBuild).ToArray())
        {
            start.Environment.Remove(name);
        }

        // A build server that outlives the command would keep its output open.
        start.Environment["MSBUILDDISABLENODEREUSE"] = "1";
        start.Environment["UseSharedCompilation"] = "false";
        using var process = Process.Start(start)!;
        var said = await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();
        return process.ExitCode == 0
            ? Path.Combine(output, "WebhookDelivery.Lambda.dll")
            : throw new InvalidOperationException($"dotnet publish failed: {said}");
    }

    private static bool IsMsBuild(string name) =>
        name.StartsWith("MSBUILD", StringComparison.OrdinalIgnoreCase);

    private static string Root([CallerFilePath] string here = "") =>
        Path.GetFullPath(Path.Combine(Path.GetDirectoryName(here)!, "../../.."));
}
