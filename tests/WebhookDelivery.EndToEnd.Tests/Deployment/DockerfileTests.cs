using System.Text.Json;
using System.Text.RegularExpressions;
using WebhookDelivery.Testing;

namespace WebhookDelivery.EndToEnd.Tests;

/// <summary>
/// The Dockerfile builds from what is here and starts this program, as far as can be seen without building
/// an image.
/// </summary>
[Collection(ProcessCollection.Name)]
public sealed partial class DockerfileTests : IDisposable
{
    private const string DockerfilePath = "docker/Dockerfile";
    private const string ComposePath = "docker/compose.yaml";

    private readonly TemporaryDirectory _directory = new();
    private readonly IReadOnlyList<string> _lines = DeployFiles.Lines(DockerfilePath);

    [Fact]
    public void Dockerfile_WhatItCopies_IsThereAndNotIgnored()
    {
        var sources = Arguments("COPY")
            .Where(words => !words.StartsWith("--from", StringComparison.Ordinal))
            .SelectMany(words => words.Split(' ')[..^1])
            .Select(source => source.TrimEnd('/'))
            .ToList();
        Assert.Contains("src", sources);
        Assert.All(
            sources,
            source => Assert.True(Path.Exists(Path.Combine(DeployFiles.Root, source)), source)
        );

        var kept = File.ReadAllLines(Path.Combine(DeployFiles.Root, ".dockerignore"))
            .Where(line => line.StartsWith('!'))
            .Select(line => Regex.Escape(line[1..]).Replace("\\*", ".*", StringComparison.Ordinal))
            .ToList();
        Assert.All(
            sources,
            source =>
                Assert.Contains(
                    kept,
                    pattern =>
                        Regex.IsMatch(
                            source,
                            $"^{pattern}$",
                            RegexOptions.None,
                            TimeSpan.FromSeconds(1)
                        )
                )
        );
        var published = PublishPattern().Match(DeployFiles.Read(DockerfilePath)).Groups["project"];
        Assert.Equal("src/WebhookDelivery.Server", published.Value);
    }

    [Fact]
    public async Task Dockerfile_ItsCommandAndEnvironment_StartAServerThatIsReachable()
    {
        var command = Words("CMD", line => line.Contains("serve", StringComparison.Ordinal));
        Assert.Equal(["serve", "--urls", "http://*:8080"], command);
        Assert.Equal("8080", Assert.Single(Arguments("EXPOSE")));
        Assert.Equal("SIGTERM", Assert.Single(Arguments("STOPSIGNAL")));
        Assert.Equal("$APP_UID", Assert.Single(Arguments("USER")));
        Assert.Equal(["dotnet", "/app/WebhookDelivery.Server.dll"], Words("ENTRYPOINT", _ => true));
        var environment = Arguments("ENV")
            .Select(pair => pair.Split('=', 2))
            .Where(pair => pair[0].StartsWith("WebhookDelivery__", StringComparison.Ordinal))
            .ToDictionary(pair => pair[0], pair => pair[1], StringComparer.Ordinal);
        Assert.Equal(
            Assert.Single(Arguments("VOLUME")),
            environment["WebhookDelivery__DataDirectory"]
        );

        // A setting that does not exist, or a flag, would end the start.
        environment["WebhookDelivery__DataDirectory"] = Path.Combine(_directory.Path, "data");
        foreach (var (name, file) in Secrets())
        {
            var path = Path.Combine(_directory.Path, file);
            await File.WriteAllTextAsync(path, SecretText(file));
            environment[name] = path;
        }

        var port = ServerProcess.FreePort();
        await using var server = ServerProcess.Start(
            Programs.Server,
            _directory.Path,
            [.. command.Select(word => word.Replace("8080", $"{port}", StringComparison.Ordinal))],
            environment
        );
        await server.WaitForLineAsync("Ctrl-C stops it", Served.Patience);
        Assert.True(Directory.Exists(environment["WebhookDelivery__DataDirectory"]));

        var health = Words("HEALTHCHECK", _ => true);
        Assert.Equal(["dotnet", "/app/WebhookDelivery.Server.dll"], health[..2]);
        await using var asked = ServerProcess.Start(
            Programs.Server,
            _directory.Path,
            [
                .. health[2..]
                    .Select(word => word.Replace("8080", $"{port}", StringComparison.Ordinal)),
            ]
        );
        Assert.Equal(0, await asked.WaitForExitAsync(Served.Patience));
    }

    /// <summary>A new volume takes owner and mode of what the image has there; root's could not be written.</summary>
    [Fact]
    public void Compose_ItsVolumes_AreTheUsersOwnInTheImage()
    {
        var compose = DeployFiles.Read(ComposePath);
        var mounted = MountPattern().Matches(compose).Select(match => match.Groups["path"].Value);
        var owned = Arguments("COPY")
            .Where(words => words.Contains("--chown=$APP_UID:$APP_UID", StringComparison.Ordinal))
            .Select(words => words.Split(' ')[^1]);
        Assert.Equal(["/data", "/backups"], mounted);
        Assert.Equal(mounted, owned);
        Assert.Contains("restart: unless-stopped", compose, StringComparison.Ordinal);
    }

    public void Dispose() => _directory.Dispose();

    /// <summary>The settings that the compose file gives as files, with the files' names.</summary>
    private static IEnumerable<(string Name, string File)> Secrets()
    {
        var found = SecretPattern().Matches(DeployFiles.Read(ComposePath));
        Assert.Equal(2, found.Count);
        return found.Select(match => (match.Groups["name"].Value, match.Groups["file"].Value));
    }

    private static string SecretText(string file) =>
        file == "master.key"
            ? Core.MasterKeyRing.Create().Format()
            : Core
                .ApiKeyToken.Create(Core.ApiKeyRole.Operator, null, null, DateTimeOffset.UnixEpoch)
                .Text;

    private IEnumerable<string> Arguments(string instruction) =>
        _lines
            .Where(line => line.StartsWith(instruction + " ", StringComparison.Ordinal))
            .Select(line => line[(instruction.Length + 1)..].Trim());

    /// <summary>The words of an instruction's array.</summary>
    private string[] Words(string instruction, Predicate<string> isIt) =>
        JsonSerializer.Deserialize<string[]>(
            Assert.Single(Arguments(instruction), isIt).Split('[', 2) is [_, var array]
                ? "[" + array
                : "[]"
        )!;

    [GeneratedRegex("- [a-z]+:(?<path>/\\S+)", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex MountPattern();

    [GeneratedRegex("dotnet publish (?<project>\\S+)", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex PublishPattern();

    [GeneratedRegex(
        "(?<name>WebhookDelivery__\\S+): /run/secrets/(?<file>\\S+)",
        RegexOptions.ExplicitCapture,
        1000
    )]
    private static partial Regex SecretPattern();
}
