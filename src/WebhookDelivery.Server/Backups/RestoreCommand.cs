using WebhookDelivery.Hosting;
using WebhookDelivery.Sqlite;

namespace WebhookDelivery.Server;

/// <summary><c>restore</c>: puts a backup into a data directory that no server runs on.</summary>
internal static class RestoreCommand
{
    public static async Task<int> RunAsync(
        string? data,
        string from,
        bool force,
        CancellationToken cancellationToken
    )
    {
        var settings = EmbeddedSettings.Read(data);

        // Not on this thread: the handler of Ctrl-C is set up when this call returns.
        using var restore = await Task.Run(
            () => SqliteRestore.Begin(from, settings.DataDirectory, force, cancellationToken),
            cancellationToken
        );
        var missing = await DataKeyCheck.FindMissingAsync(
            settings,
            restore.DataKeys,
            cancellationToken
        );
        var report = restore.Commit(TimeProvider.System.GetUtcNow());
        Console.WriteLine(
            $"""
            {report.Path}
            {SummaryText.Describe(restore.Summary)}
            Everything is as of the backup: what was delivered since will be delivered again, with the same ids, and keys and endpoints changed since are as they were.
            """
        );
        if (report.KeptAside is { } aside)
        {
            Console.WriteLine($"The database that was there is in {aside}.");
        }

        if (missing is not null)
        {
            await Console.Error.WriteLineAsync(missing);
        }

        return 0;
    }
}
