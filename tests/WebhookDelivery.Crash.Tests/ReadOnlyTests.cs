using System.Diagnostics;
using WebhookDelivery.Testing;

namespace WebhookDelivery.Crash.Tests;

/// <summary>A data directory that cannot be written is refused at the start, in words.</summary>
public sealed class ReadOnlyTests(ITestOutputHelper output)
{
    [Fact]
    public async Task Serve_OnAFileSystemMountedReadOnly_SaysSoAndStartsOnceItIsWritable()
    {
        using var disk = await SmallDisk.TryMountAsync(192);
        if (disk is null)
        {
            output.WriteLine("No disk could be mounted here: only root may.");
            return;
        }

        var data = Path.Combine(disk.Path, "data");
        await using (var first = new Served(dataDirectory: data))
        {
            await first.StartAsync();
            await first.CreateTenantAsync("acme");
            await first.StopAsync();
        }

        await RemountAsync(disk, "ro");
        await using var server = new Served(dataDirectory: data);
        server.Launch();
        Assert.Equal(2, await server.Process.WaitForExitAsync(Served.Patience));
        Assert.Contains(data, server.Process.Errors);
        Assert.Contains("Read-only file system", server.Process.Errors);
        Assert.DoesNotContain("   at ", server.Process.Transcript);

        await server.Process.DisposeAsync();
        await RemountAsync(disk, "rw");
        await server.StartAsync();
    }

    /// <summary>Another user's files in a directory of one's own: what is refused is named.</summary>
    [Theory]
    [InlineData("webhooks.db")]
    [InlineData("master.key")]
    [InlineData("lock")]
    public async Task Serve_AFileThatIsADirectory_SaysWhich(string file)
    {
        using var directory = new TemporaryDirectory();
        Directory.CreateDirectory(Path.Combine(directory.Path, "data", file));
        await using var server = new Served(dataDirectory: Path.Combine(directory.Path, "data"));
        server.Launch();
        Assert.Equal(2, await server.Process.WaitForExitAsync(Served.Patience));
        Assert.Contains(directory.Path, server.Process.Errors);
        Assert.DoesNotContain("   at ", server.Process.Transcript);
    }

    private static async Task RemountAsync(SmallDisk disk, string mode)
    {
        using var mount = Process.Start("mount", ["-o", $"remount,{mode}", disk.Path]);
        await mount.WaitForExitAsync();
        Assert.Equal(0, mount.ExitCode);
    }
}
