namespace WebhookDelivery.Sqlite.Tests;

/// <summary>What a failing disk does to a file.</summary>
internal static class Damage
{
    private const int PageBytes = 4096;

    /// <summary>Overwrites all pages but the first few, which hold the schema.</summary>
    public static void Overwrite(string path)
    {
        using var file = new FileStream(path, FileMode.Open, FileAccess.Write);
        var noise = new byte[PageBytes];
        new Random(1).NextBytes(noise);
        for (var page = file.Length / PageBytes / 2; page * PageBytes < file.Length; page++)
        {
            file.Position = page * PageBytes;
            file.Write(noise);
        }
    }
}
