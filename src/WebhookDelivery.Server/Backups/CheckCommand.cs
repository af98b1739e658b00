using WebhookDelivery.Hosting;
using WebhookDelivery.Sqlite;

namespace WebhookDelivery.Server;

/// <summary><c>check</c>: looks for damage in a database or a backup; exit code 1 if there is some.</summary>
internal static class CheckCommand
{
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

        var path = file ?? SqliteEngine.DatabasePathIn(EmbeddedSettings.Read(data).DataDirectory);
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
