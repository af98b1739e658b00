using System.CommandLine;
using System.Globalization;
using WebhookDelivery.Hosting;
using WebhookDelivery.Sqlite;

namespace WebhookDelivery.Server;

/// <summary><c>backup</c>: copies the database into a file, whether or not a server runs on it.</summary>
internal static class BackupCommand
{
    private const long BytesPerMegabyte = 1_000_000;

    /// <summary>The command with its options.</summary>
    /// <param name="data">The option of the data directory, which several commands share.</param>
    public static Command Define(Option<string?> data)
    {
        var to = new Option<string>("--to")
        {
            Description =
                "The file to make, or a directory: then the file is named after the time.",
            Required = true,
        };
        var overwrite = new Option<bool>("--overwrite")
        {
            Description = "Replace a file of that name.",
        };
        var compact = new Option<bool>("--compact")
        {
            Description = "Leave out free pages; needs twice the room meanwhile.",
        };
        var walMax = new Option<long?>("--wal-max-mb")
        {
            Description =
                "Give up when the running server's write-ahead log grows beyond this. Default: 805; from 1073 on the server refuses new events.",
        };
        var command = new Command(
            "backup",
            "Copy the database into a file, verified; the server may run. The master key is not in it."
        )
        {
            data,
            to,
            overwrite,
            compact,
            walMax,
        };
        command.SetAction(
            (parsed, cancellation) =>
                RunAsync(
                    parsed.GetValue(data),
                    parsed.GetValue(to)!,
                    parsed.GetValue(overwrite),
                    parsed.GetValue(compact),
                    parsed.GetValue(walMax),
                    cancellation
                )
        );
        return command;
    }

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

        var settings = CommandHost.ReadEmbedded(data);
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
