namespace WebhookDelivery.Cdk.Tests;

/// <summary>A command that stands where a real one would be found, for scripts that call it.</summary>
internal static class StubCommand
{
    /// <summary>Writes it.</summary>
    /// <param name="directory">A directory of the path.</param>
    /// <param name="name">The command's name.</param>
    /// <param name="body">What it does, in bash.</param>
    public static void Add(string directory, string name, string body)
    {
        var path = Path.Combine(directory, name);
        File.WriteAllText(path, $"#!/usr/bin/env bash\n{body}\n");
        File.SetUnixFileMode(
            path,
            UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute
        );
    }
}
