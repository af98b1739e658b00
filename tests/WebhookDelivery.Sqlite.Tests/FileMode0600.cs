namespace WebhookDelivery.Sqlite.Tests;

/// <summary>Who may read a file.</summary>
internal static class FileMode0600
{
    /// <summary>Fails unless the file is its owner's alone; on Windows, where modes are not, never.</summary>
    public static void Expect(string path)
    {
        if (!OperatingSystem.IsWindows())
        {
            Assert.Equal(DurableFiles.OwnerOnly, File.GetUnixFileMode(path));
        }
    }
}
