using WebhookDelivery.Testing;

namespace WebhookDelivery.EndToEnd.Tests;

/// <summary>Runs a command of the server's program to its end.</summary>
internal static class ServerCommand
{
    /// <summary>Runs it and expects an exit code. Returns what it printed.</summary>
    public static async Task<(string Output, string Errors)> RunAsync(
        int exitCode,
        IReadOnlyDictionary<string, string>? environment,
        params string[] arguments
    )
    {
        await using var process = Start(environment, [], arguments);
        var found = await process.WaitForExitAsync(Served.Patience);
        Assert.True(exitCode == found, $"exit code {found}: {process.Transcript}");
        return (process.Output, process.Errors);
    }

    /// <summary>Starts it, in a directory that holds no settings.</summary>
    public static ServerProcess Start(
        IReadOnlyDictionary<string, string>? environment,
        IReadOnlyList<string> wrapper,
        params string[] arguments
    ) => ServerProcess.Start(Programs.Server, Path.GetTempPath(), arguments, environment, wrapper);
}
