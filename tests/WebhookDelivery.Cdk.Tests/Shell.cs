using System.Diagnostics;

namespace WebhookDelivery.Cdk.Tests;

/// <summary>Runs a script of the repository to its end.</summary>
internal static class Shell
{
    /// <summary>The repository.</summary>
    public static string Root { get; } = FindRoot();

    /// <summary>Runs it in the repository, with nothing on its standard input but a text.</summary>
    /// <param name="script">The script, relative to the repository.</param>
    /// <param name="arguments">Its arguments.</param>
    /// <param name="environment">Variables to set; those of AWS are not passed on.</param>
    /// <param name="input">What is typed.</param>
    /// <returns>Its exit code, and both its outputs.</returns>
    public static async Task<(int Code, string Output, string Errors)> RunAsync(
        string script,
        string[] arguments,
        Dictionary<string, string> environment,
        string input = ""
    )
    {
        var start = new ProcessStartInfo("bash", [Path.Combine(Root, script), .. arguments])
        {
            UseShellExecute = false,
            WorkingDirectory = Path.GetTempPath(),
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        foreach (var name in start.Environment.Keys.Where(IsForeign).ToArray())
        {
            start.Environment.Remove(name);
        }

        foreach (var (name, value) in environment)
        {
            start.Environment[name] = value;
        }

        using var process = Process.Start(start)!;
        await process.StandardInput.WriteAsync(input);
        process.StandardInput.Close();
        var output = process.StandardOutput.ReadToEndAsync();
        var errors = process.StandardError.ReadToEndAsync();
        await process.WaitForExitAsync();
        return (process.ExitCode, await output, await errors);
    }

    private static bool IsForeign(string name) =>
        name.StartsWith("AWS_", StringComparison.Ordinal)
        || name.StartsWith("HOSTED_ZONE_", StringComparison.Ordinal)
        || name.StartsWith("CDK_", StringComparison.Ordinal);

    private static string FindRoot()
    {
        var directory = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(directory.FullName, "WebhookDelivery.sln")))
        {
            directory = directory.Parent!;
        }

        return directory.FullName;
    }
}
