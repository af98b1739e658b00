using System.CommandLine;
using WebhookDelivery.Core;
using WebhookDelivery.Hosting;
using WebhookDelivery.Sqlite;

namespace WebhookDelivery.Server;

/// <summary>Runs a command line and turns what can be expected to go wrong into words.</summary>
internal static class Shell
{
    /// <summary>
    /// The command's exit code; 1 for a damaged database, 2 for a command line or a setting that cannot be used, and for
    /// anything else that an operator can mend; 130 if it was interrupted.
    /// </summary>
    public static async Task<int> RunAsync(RootCommand root, string[] args)
    {
        try
        {
            var configuration = new InvocationConfiguration
            {
                EnableDefaultExceptionHandler = false,
                ProcessTerminationTimeout = TimeSpan.FromSeconds(10),
            };
            var parsed = root.Parse(args);
            var exitCode = await parsed.InvokeAsync(configuration);
            return parsed.Errors.Count > 0 ? 2 : exitCode;
        }
        catch (OperationCanceledException)
        {
            return 130;
        }
        catch (DamagedDatabaseException exception)
        {
            await Console.Error.WriteLineAsync(exception.Message);
            return 1;
        }
        catch (Exception exception) when (IsExpected(exception))
        {
            await Console.Error.WriteLineAsync(exception.Message);
            return 2;
        }
    }

    /// <summary>What an operator can mend: no stack trace helps there.</summary>
    private static bool IsExpected(Exception exception) =>
        exception
            is InvalidSettingsException
                or StartException
                or IOException
                or UnauthorizedAccessException
                or StoreUnavailableException
                or BackupException
                or HttpRequestException;
}
