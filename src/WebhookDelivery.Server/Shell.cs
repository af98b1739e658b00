using System.CommandLine;

namespace WebhookDelivery.Server;

/// <summary>Runs a command line and turns what can be expected to go wrong into words.</summary>
internal static class Shell
{
    public static async Task<int> RunAsync(RootCommand root, string[] args)
    {
        try
        {
            var configuration = new InvocationConfiguration
            {
                EnableDefaultExceptionHandler = false,
                ProcessTerminationTimeout = TimeSpan.FromSeconds(10),
            };
            return await root.Parse(args).InvokeAsync(configuration);
        }
        catch (OperationCanceledException)
        {
            return 130;
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
                or HttpRequestException;
}
