using System.CommandLine;
using WebhookDelivery.Hosting;
using WebhookDelivery.Sqlite;

namespace WebhookDelivery.Server;

/// <summary><c>restore</c>: puts a backup into a data directory that no server runs on.</summary>
internal static class RestoreCommand
{
    /// <summary>The command with its options.</summary>
    /// <param name="data">The option of the data directory, which several commands share.</param>
    public static Command Define(Option<string?> data)
    {
        var from = new Option<string>("--from") { Description = "The backup.", Required = true };
        var force = new Option<bool>("--force")
        {
            Description = "Put aside the database that is there; it is kept.",
        };
        var command = new Command(
            "restore",
            "Put a backup into a data directory; the server must be stopped."
        )
        {
            data,
            from,
            force,
        };
        command.SetAction(
            (parsed, cancellation) =>
                RunAsync(
                    parsed.GetValue(data),
                    parsed.GetValue(from)!,
                    parsed.GetValue(force),
                    cancellation
                )
        );
        return command;
    }

    public static async Task<int> RunAsync(
        string? data,
        string from,
        bool force,
        CancellationToken cancellationToken
    )
    {
        var settings = CommandHost.ReadEmbedded(data);

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
