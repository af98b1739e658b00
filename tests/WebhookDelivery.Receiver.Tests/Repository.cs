using System.Reflection;
using WebhookDelivery.Testing;

namespace WebhookDelivery.Receiver.Tests;

/// <summary>Where files of the repository are.</summary>
internal static class Repository
{
    private static readonly string Configuration = typeof(Repository)
        .Assembly.GetCustomAttributes<AssemblyMetadataAttribute>()
        .Single(attribute => attribute.Key == "Configuration")
        .Value!;

    public static string Root { get; } =
        Path.GetFullPath(Path.Combine(NpmVerifier.EmulatorsDirectory, "..", ".."));

    public static string File(string path) => Path.Combine(Root, path);

    /// <summary>The assembly that a project was built to, together with these tests.</summary>
    public static string Assembly(string project, string name) =>
        Path.Combine(Root, project, "bin", Configuration, "net10.0", $"{name}.dll");
}
