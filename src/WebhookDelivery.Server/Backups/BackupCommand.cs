using System.Globalization;
using WebhookDelivery.Hosting;
using WebhookDelivery.Sqlite;

namespace WebhookDelivery.Server;

/// <summary><c>backup</c>: copies the database into a file, whether or not a server runs on it.</summary>
internal static class BackupCommand
{
    private const long BytesPerMegabyte = 1_000_000;

    public static async Task<int> RunAsync(
        string? data,
        string to,
        bool overwrite,
        bool compact,
        long? walMaxMegabytes,
        CancellationToken cancellationToken
    )
    {
        if (walMaxMegabytes is < 1)
        {
            throw new StartException("--wal-max-mb must be at least 1.");
        }

        var settings = EmbeddedSettings.Read(data);
        var request = new BackupRequest
        {
            DataDirectory = settings.DataDirectory,
            Target = to,
            Overwrite = overwrite,
            Compact = compact,
        };
        if (walMaxMegabytes is { } megabytes)
        {
            request = request with { WalBytesMax = megabytes * BytesPerMegabyte };
        }

        // Not on this thread: the handler of Ctrl-C is set up when this call returns.
        var report = await BackgroundThread.RunAsync(
            () => SqliteBackup.Take(request, TimeProvider.System, cancellationToken),
            cancellationToken
        );
        var asOf = report.AsOf.UtcDateTime.ToString(
            "yyyy-MM-dd'T'HH:mm:ss.fff'Z'",
            CultureInfo.InvariantCulture
        );
        Console.WriteLine(
            $"""
            {report.Path}
            as of {asOf}: what was accepted before is in it; read in {report.ReadFor.TotalSeconds:0.00} s, verified
            {SummaryText.Describe(report.Summary)}
            The master key is not in it. Without it no stored secret can be opened: keep a copy of it, apart.
            """
        );
        return 0;
    }
}
