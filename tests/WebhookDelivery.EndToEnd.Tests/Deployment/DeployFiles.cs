using WebhookDelivery.Testing;

namespace WebhookDelivery.EndToEnd.Tests;

/// <summary>What the repository offers for running the server as a service or in a container.</summary>
internal static class DeployFiles
{
    /// <summary>The root of the repository.</summary>
    public static string Root { get; } =
        Path.GetFullPath(Path.Combine(NpmVerifier.EmulatorsDirectory, "..", ".."));

    /// <summary>The text of a file below deploy.</summary>
    public static string Read(string path) => File.ReadAllText(Path.Combine(Root, "deploy", path));

    /// <summary>
    /// The lines that say something: comments and empty ones left out, those that end in a backslash
    /// joined with the next.
    /// </summary>
    public static IReadOnlyList<string> Lines(string path) =>
        [
            .. Read(path)
                .Replace("\\\n", " ", StringComparison.Ordinal)
                .Split('\n', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries)
                .Where(line => line[0] != '#'),
        ];
}
