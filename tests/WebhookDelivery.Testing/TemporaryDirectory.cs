namespace WebhookDelivery.Testing;

/// <summary>A directory that is there for one test.</summary>
public sealed class TemporaryDirectory : IDisposable
{
    /// <summary>Makes it.</summary>
    public TemporaryDirectory() =>
        Path = Directory.CreateTempSubdirectory("webhookdelivery-").FullName;

    /// <summary>Where it is.</summary>
    public string Path { get; }

    /// <summary>Deletes it with all that is in it.</summary>
    public void Dispose()
    {
        try
        {
            Directory.Delete(Path, recursive: true);
        }
        catch (DirectoryNotFoundException)
        {
            // The test deleted it.
        }
    }
}
