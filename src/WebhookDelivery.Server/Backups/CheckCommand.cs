using System.CommandLine;
using WebhookDelivery.Hosting;
using WebhookDelivery.Sqlite;

namespace WebhookDelivery.Server;

/// <summary><c>check</c>: looks for damage in a database or a backup; exit code 1 if there is some.</summary>
internal static class CheckCommand
{
    /// <summary>The command with its options.</summary>
    /// <param name="data">The option of the data directory, which several commands share.</param>
    public static Command Define(Option<string?> data)
    {
        var file = new Option<string?>("--file") { Description = "A backup, instead of --data." };
        var command = new Command(
            "check",
            "Look for damage in the database or in a backup; exit 1 if there is some. Changes nothing."
        )
        {
            data,
            file,
        };
        command.SetAction(
            (parsed, cancellation) =>
                RunAsync(parsed.GetValue(data), parsed.GetValue(file), cancellation)
        );
        return command;
    }

    public static async Task<int> RunAsync(
        string? data,
        string? file,
        CancellationToken cancellationToken
    )
    {
        if (data is not null && file is not null)
        {
            throw new StartException("Give --data or --file, not both.");
        }

        var path =
            file ?? SqliteEngine.DatabasePathIn(CommandHost.ReadEmbedded(data).DataDirectory);
        var report = await BackgroundThread.RunAsync(
            () => SqliteCheck.Run(path, BackupRequest.WalBytesMaxDefault, cancellationToken),
            cancellationToken
        );
        Console.WriteLine(report.Path);
        if (report.Summary is { } summary)
        {
            Console.WriteLine(SummaryText.Describe(summary));
        }

        foreach (var fault in report.Faults)
        {
            await Console.Error.WriteLineAsync(fault);
        }

        Console.WriteLine(
            report.Faults.Count == 0
                ? "No faults."
                : "Faults were found; nothing was changed. Restore a backup that has none."
        );
        return report.Faults.Count == 0 ? 0 : 1;
    }
}
