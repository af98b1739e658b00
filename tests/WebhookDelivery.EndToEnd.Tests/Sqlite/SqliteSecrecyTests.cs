namespace WebhookDelivery.EndToEnd.Tests;

/// <summary>What is secret is not in the data directory either, as text or as bytes.</summary>
public sealed class SqliteSecrecyTests : SecrecyTests<SqliteHome>
{
    [Fact]
    public async Task No_byte_of_the_data_directory_holds_a_key_a_secret_or_a_header_value()
    {
        await LiveThroughMuchAsync();
        var running = ReadData();
        await StopAsync();
        var stopped = ReadData();

        foreach (var bytes in new[] { running, stopped })
        {
            Assert.True(SecretSearch.Holds(bytes, PayloadMarker), "The payload is missing.");
            SecretSearch.AssertNone(Secrets, bytes);
        }
    }

    /// <summary>Every file but the lock, which its owner alone may open and which is empty.</summary>
    private byte[] ReadData() =>
        [
            .. Directory
                .EnumerateFiles(Engine.DataDirectory, "*", SearchOption.AllDirectories)
                .Where(path => Path.GetFileName(path) != "lock")
                .SelectMany(ReadShared),
        ];

    private static byte[] ReadShared(string path)
    {
        using var stream = new FileStream(
            path,
            FileMode.Open,
            FileAccess.Read,
            FileShare.ReadWrite | FileShare.Delete
        );
        using var copy = new MemoryStream();
        stream.CopyTo(copy);
        return copy.ToArray();
    }
}
