using System.Net;
using System.Net.Sockets;
using WebhookDelivery.Testing;

namespace WebhookDelivery.EndToEnd.Tests;

/// <summary>A start that cannot be is refused in words, with exit code 2.</summary>
[Collection(ProcessCollection.Name)]
public sealed class StartTests : IDisposable
{
    private readonly TemporaryDirectory _directory = new();

    [Fact]
    public async Task Serve_DirectoryInUse_FailsAtOnceAndLeavesTheFirstAlone()
    {
        await using var first = new Served();
        await first.StartAsync();

        var second = await RunAsync("serve", "--data", first.DataDirectory, "--urls", FreeUrl());
        AssertRefused(second, first.DataDirectory, "in use by another process");
        var replaced = await RunAsync("admin-key", "--data", first.DataDirectory);
        AssertRefused(replaced, first.DataDirectory, "in use by another process");

        await first.CreateTenantAsync("acme");
        Assert.Equal(200, await first.ReadinessAsync());
    }

    [Fact]
    public async Task Serve_PortInUse_SaysSoAndDoesNotUseUpTheOperatorKey()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        var url = $"http://127.0.0.1:{((IPEndPoint)listener.LocalEndpoint).Port}";

        AssertRefused(
            await RunAsync("serve", "--data", Data, "--urls", url),
            url,
            "in use",
            "--urls"
        );

        await using var served = Launch("serve", "--data", Data, "--urls", FreeUrl());
        await served.WaitForLineAsync("wha_", Served.Patience);
    }

    [Theory]
    [InlineData("nonsense", "'nonsense' is no address")]
    [InlineData("", "'' is no address")]
    [InlineData("http://192.0.2.1:8080", "Cannot listen on http://192.0.2.1:8080")]
    public async Task Serve_AddressThatCannotBe_SaysSo(string urls, string reason) =>
        AssertRefused(await RunAsync("serve", "--data", Data, "--urls", urls), reason);

    [Fact]
    public async Task Serve_WrongSettings_NamesEveryFault()
    {
        var refused = await RunAsync(
            new Dictionary<string, string>
            {
                ["WebhookDelivery__Delivery__TimeoutSeconds"] = "99",
                ["WebhookDelivery__Delivery__RetrySchedule"] = "1m,soon",
                ["WebhookDelivery__Delivery__DisableAfter"] = "59s",
                ["WebhookDelivery__Secrets__MasterKey"] = "abc",
                ["WebhookDelivery__Secrets__MasterKeyFile"] = "keys",
                ["WebhookDelivery__Secrets__PreviousMasterKeys"] = "abc",
                ["WebhookDelivery__AdminKey"] = "wha_wrong",
                ["WebhookDelivery__Delivery__TimeOut"] = "1",
                ["WebhookDelivery__Storage"] = "Paper",
            },
            "serve",
            "--data",
            Data
        );
        AssertRefused(
            refused,
            "WebhookDelivery:Delivery:TimeoutSeconds must be",
            "WebhookDelivery:Delivery:RetrySchedule",
            "WebhookDelivery:Delivery:DisableAfter must be 0, or",
            "WebhookDelivery:Secrets:MasterKey must be",
            "WebhookDelivery:Secrets:MasterKeyFile and Secrets:MasterKey are both given",
            "WebhookDelivery:Secrets:PreviousMasterKeys must be",
            "WebhookDelivery:AdminKey must be",
            "WebhookDelivery:Delivery:TimeOut is not a setting",
            "WebhookDelivery:Storage must be"
        );
        Assert.False(Directory.Exists(Data), "a server that does not start leaves no directory");
    }

    [Fact]
    public async Task Serve_SecretsInFilesThatCannotBe_NamesEveryFault()
    {
        var wrong = Path.Combine(_directory.Path, "wrong");
        await File.WriteAllTextAsync(wrong, "no key");
        var refused = await RunAsync(
            new Dictionary<string, string>
            {
                ["WebhookDelivery__Secrets__MasterKeyFile"] = Path.Combine(_directory.Path, "none"),
                ["WebhookDelivery__AdminKeyFile"] = wrong,
            },
            "serve",
            "--data",
            Data
        );
        AssertRefused(
            refused,
            "WebhookDelivery:Secrets:MasterKeyFile cannot be read",
            "WebhookDelivery:AdminKeyFile must be an operator key"
        );
        Assert.DoesNotContain("no key", refused.Errors);
    }

    [Fact]
    public async Task Serve_MasterKeyFileUnusable_SaysWhichAndWhatToDo()
    {
        Directory.CreateDirectory(Data);
        var file = Path.Combine(Data, "master.key");
        await File.WriteAllTextAsync(file, "no key");
        SetMode(file, UnixFileMode.UserRead | UnixFileMode.UserWrite);
        AssertRefused(await RunAsync("serve", "--data", Data), file, "32 bytes in base64");

        SetMode(file, UnixFileMode.UserRead | UnixFileMode.OtherRead);
        AssertRefused(await RunAsync("serve", "--data", Data), $"chmod 600 {file}");
    }

    [Fact]
    public async Task Serve_DatabaseOfAnotherKind_SaysSo()
    {
        Directory.CreateDirectory(Data);
        var file = Path.Combine(Data, "webhooks.db");
        await File.WriteAllTextAsync(file, new string('x', 4096));
        AssertRefused(await RunAsync("serve", "--data", Data), file, "not a database");
    }

    [Fact]
    public async Task Serve_DirectoryThatCannotBeWritten_SaysSo()
    {
        var path = Data;
        if (Environment.IsPrivilegedProcess)
        {
            // Permissions do not bind root; this one does.
            path = "/sys/kernel";
        }
        else
        {
            Directory.CreateDirectory(path);
            SetMode(path, UnixFileMode.UserRead | UnixFileMode.UserExecute);
        }

        AssertRefused(await RunAsync("serve", "--data", path), path, "cannot be written");
    }

    [Fact]
    public async Task Serve_DirectoryThatIsAFile_SaysSo()
    {
        await File.WriteAllTextAsync(Data, "");
        AssertRefused(await RunAsync("serve", "--data", Data), Data, "is a file");
    }

    [Fact]
    public async Task AdminKey_DirectoryWithoutDatabase_SaysSoAndMakesNone()
    {
        AssertRefused(await RunAsync("admin-key", "--data", Data), "no database in", "--data");
        Assert.False(Directory.Exists(Data));
    }

    [Fact]
    public async Task Seed_WhatItCannotReach_SaysSo()
    {
        AssertRefused(await RunAsync("seed"), "--admin-key");
        AssertRefused(
            await RunAsync("seed", "--admin-key", "wha_x", "--url", "nowhere"),
            "nowhere"
        );
        AssertRefused(
            await RunAsync("seed", "--admin-key", "wha_x", "--url", FreeUrl()),
            "No WebhookDelivery server"
        );
        await using var server = new Served();
        await server.StartAsync();
        AssertRefused(
            await RunAsync("seed", "--admin-key", "wha_x", "--url", $"{server.Url}"),
            "does not know this operator key"
        );
    }

    [Fact]
    public async Task CommandLine_Wrong_IsRefused()
    {
        Assert.Equal(2, (await RunAsync()).ExitCode);
        Assert.Equal(2, (await RunAsync("serv")).ExitCode);
        Assert.Equal(2, (await RunAsync("serve", "--prot", "1")).ExitCode);
    }

    [Theory]
    [InlineData("", "serve", "demo", "seed", "health", "admin-key", "event-shards")]
    [InlineData("health", "--url", "http://localhost:8080")]
    [InlineData("rotate-master-key", "--data", "--old-key", "stopped")]
    [InlineData("serve", "--urls", "--data", "--dev", "http://localhost:8080", "./data")]
    [InlineData("demo", "temporary directory")]
    [InlineData("seed", "--url", "--admin-key", "--target", "http://localhost:9000/webhooks")]
    [InlineData("admin-key", "--data", "stopped")]
    public async Task Help_NamesWhatThereIs(string command, params string[] words)
    {
        var help = await RunAsync([
            .. command.Split(' ', StringSplitOptions.RemoveEmptyEntries),
            "--help",
        ]);
        Assert.Equal(0, help.ExitCode);
        Assert.Empty(help.Errors);
        Assert.All(words, word => Assert.Contains(word, help.Output));
    }

    public void Dispose()
    {
        if (Directory.Exists(Data))
        {
            SetMode(
                Data,
                UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute
            );
        }

        _directory.Dispose();
    }

    private string Data => Path.Combine(_directory.Path, "data");

    private static void SetMode(string path, UnixFileMode mode)
    {
        if (!OperatingSystem.IsWindows())
        {
            File.SetUnixFileMode(path, mode);
        }
    }

    private static string FreeUrl() => $"http://127.0.0.1:{ServerProcess.FreePort()}";

    private static void AssertRefused(Ended ended, params string[] words)
    {
        Assert.True(ended.ExitCode == 2, $"{ended}");
        Assert.All(words, word => Assert.Contains(word, ended.Errors));
        Assert.DoesNotContain("   at ", ended.Errors);
        Assert.DoesNotContain("   at ", ended.Output);
        Assert.DoesNotContain("wha_", ended.Output);
    }

    private ServerProcess Launch(params string[] arguments) =>
        ServerProcess.Start(Programs.Server, _directory.Path, arguments);

    private Task<Ended> RunAsync(params string[] arguments) =>
        RunAsync(new Dictionary<string, string>(), arguments);

    private async Task<Ended> RunAsync(
        Dictionary<string, string> environment,
        params string[] arguments
    )
    {
        await using var process = ServerProcess.Start(
            Programs.Server,
            _directory.Path,
            arguments,
            environment
        );
        var exitCode = await process.WaitForExitAsync(Served.Patience);
        return new Ended(exitCode, process.Output, process.Errors);
    }

    private sealed record Ended(int ExitCode, string Output, string Errors);
}
