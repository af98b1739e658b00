using WebhookDelivery.Core;
using WebhookDelivery.Testing;

namespace WebhookDelivery.Sqlite.Tests;

/// <summary>Nothing but the pool closes its connections: no finalizer does.</summary>
public sealed class ReaderPoolTests
{
    [Fact]
    public async Task Read_FileThatIsNoDatabase_LeavesNothingOpen()
    {
        using var directory = new TemporaryDirectory();
        var path = Path.Combine(directory.Path, "broken.db");
        await File.WriteAllTextAsync(path, new string('x', 8192));
        using var pool = new ReaderPool(path, 2, TimeSpan.FromSeconds(1));
        for (var i = 0; i < 10; i++)
        {
            await Assert.ThrowsAsync<StoreUnavailableException>(async () =>
                await pool.ReadAsync(0, static (_, _) => 0, CancellationToken.None)
            );
        }

        Assert.Equal(0, OpenFiles(path));
    }

    [Fact]
    public async Task Dispose_DuringARead_ClosesItsConnectionAfterwards()
    {
        using var directory = new TemporaryDirectory();
        var path = Path.Combine(directory.Path, "test.db");
        Database.Open(path, readOnly: false, TimeSpan.FromSeconds(1)).Dispose();
        var pool = new ReaderPool(path, 2, TimeSpan.FromSeconds(1));

        await pool.ReadAsync(
            0,
            (_, _) =>
            {
                Assert.Equal(1, OpenFiles(path));
                pool.Dispose();
                return 0;
            },
            CancellationToken.None
        );

        Assert.Equal(0, OpenFiles(path));
        await Assert.ThrowsAsync<ObjectDisposedException>(async () =>
            await pool.ReadAsync(0, static (_, _) => 0, CancellationToken.None)
        );
    }

    private static int OpenFiles(string path) =>
        Directory
            .EnumerateFiles("/proc/self/fd")
            .Count(link => new FileInfo(link).LinkTarget == path);
}
