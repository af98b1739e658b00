using System.Diagnostics;

namespace WebhookDelivery.Testing;

/// <summary>A disk in memory, to be filled.</summary>
public sealed class SmallDisk : IDisposable
{
    private const long MiB = 1024 * 1024;

    private SmallDisk(string path) => Path = path;

    /// <summary>Where it is mounted.</summary>
    public string Path { get; }

    private string Ballast => System.IO.Path.Combine(Path, "ballast");

    /// <summary>Mounts one of that size. Null where this user may not mount.</summary>
    public static async Task<SmallDisk?> TryMountAsync(int mebibytes)
    {
        var path = Directory.CreateTempSubdirectory("webhookdelivery-disk-").FullName;
        if (
            OperatingSystem.IsLinux()
            && await RunAsync("mount", "-t", "tmpfs", "-o", $"size={mebibytes}m", "tmpfs", path)
        )
        {
            return new SmallDisk(path);
        }

        Directory.Delete(path);
        return null;
    }

    /// <summary>Takes all room but so much.</summary>
    public void FillUntilFree(int mebibytes)
    {
        using var file = new FileStream(Ballast, FileMode.Append);
        var chunk = new byte[MiB];
        var free = new DriveInfo(Path).AvailableFreeSpace;
        try
        {
            for (; free > mebibytes * MiB; free -= chunk.Length)
            {
                file.Write(chunk);
            }

            file.Flush();
        }
        catch (IOException) when (mebibytes == 0)
        {
            // To the brim.
        }
    }

    /// <summary>Gives all room back that was taken.</summary>
    public void Empty() => File.Delete(Ballast);

    /// <summary>Unmounts it.</summary>
    public void Dispose()
    {
        RunAsync("umount", "-l", Path).GetAwaiter().GetResult();
        Directory.Delete(Path);
    }

    private static async Task<bool> RunAsync(string program, params string[] arguments)
    {
        var start = new ProcessStartInfo(program, arguments)
        {
            UseShellExecute = false,
            RedirectStandardError = true,
        };
        using var process = Process.Start(start)!;
        await process.WaitForExitAsync();
        return process.ExitCode == 0;
    }
}
