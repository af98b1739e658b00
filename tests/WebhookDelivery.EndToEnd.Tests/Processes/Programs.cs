using System.Reflection;
using WebhookDelivery.Testing;

namespace WebhookDelivery.EndToEnd.Tests;

/// <summary>The programs as they were built together with these tests.</summary>
internal static class Programs
{
    private static readonly string s_root = Path.GetFullPath(
        Path.Combine(NpmVerifier.EmulatorsDirectory, "..", "..")
    );

    private static readonly string s_configuration = typeof(Programs)
        .Assembly.GetCustomAttributes<AssemblyMetadataAttribute>()
        .Single(attribute => attribute.Key == "Configuration")
        .Value!;

    public static string Server { get; } =
        Assembly("src/WebhookDelivery.Server", "WebhookDelivery.Server");

    public static string Receiver { get; } = Assembly("tests/WebhookReceiver", "WebhookReceiver");

    /// <summary>Whether a program of the machine is there.</summary>
    public static bool IsInstalled(string program) =>
        Environment
            .GetEnvironmentVariable("PATH")!
            .Split(Path.PathSeparator)
            .Any(directory => File.Exists(Path.Combine(directory, program)));

    private static string Assembly(string project, string name) =>
        Path.Combine(s_root, project, "bin", s_configuration, "net10.0", $"{name}.dll");
}
