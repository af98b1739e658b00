namespace WebhookDelivery.Benchmarks;

/// <summary>A data directory of a benchmark's own, deleted with it.</summary>
internal sealed class DataFolder : IDisposable
{
    private DataFolder(string path)
    {
        Path = path;
        Directory.CreateDirectory(path);
    }

    public string Path { get; }

    public static DataFolder Create(RunSettings settings) =>
        new(System.IO.Path.Combine(settings.Scratch, "data-" + System.IO.Path.GetRandomFileName()));

    /// <summary>
    /// Copies the directory of a stopped server, through to the disk: a write-back of the copy must
    /// not fall into what is measured next.
    /// </summary>
    public DataFolder Copy(RunSettings settings)
    {
        var copy = Create(settings);
        foreach (var file in Directory.EnumerateFiles(Path, "*", SearchOption.AllDirectories))
        {
            var name = System.IO.Path.GetRelativePath(Path, file);
            var target = System.IO.Path.Combine(copy.Path, name);
            Directory.CreateDirectory(System.IO.Path.GetDirectoryName(target)!);
            File.Copy(file, target);
            using var handle = File.OpenHandle(target, FileMode.Open, FileAccess.ReadWrite);
            RandomAccess.FlushToDisk(handle);
        }

        return copy;
    }

    public void Dispose() => Directory.Delete(Path, recursive: true);
}
