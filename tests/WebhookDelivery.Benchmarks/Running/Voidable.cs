using System.Runtime.InteropServices;

namespace WebhookDelivery.Benchmarks;

/// <summary>Runs what may break off, or be interrupted, and says so in the exit code.</summary>
internal static class Voidable
{
    /// <summary>Runs it; its own exit code, or <see cref="ExitCodes.Void"/>.</summary>
    public static async Task<int> RunAsync(Func<CancellationToken, Task<int>> measure)
    {
        using var breaking = new CancellationTokenSource();
        using var interrupt = OnSignal(PosixSignal.SIGINT, breaking);
        using var terminate = OnSignal(PosixSignal.SIGTERM, breaking);
        try
        {
            return await measure(breaking.Token);
        }
        // Whatever breaks a run off leaves no figure to be judged; only wrong usage is something else.
        catch (Exception exception) when (exception is not UsageException)
        {
            await Console.Error.WriteLineAsync($"VOID: {exception}");
            return ExitCodes.Void;
        }
    }

    private static PosixSignalRegistration OnSignal(
        PosixSignal signal,
        CancellationTokenSource breaking
    ) =>
        PosixSignalRegistration.Create(
            signal,
            context =>
            {
                // Children are stopped and directories deleted on the way out.
                context.Cancel = true;
                breaking.Cancel();
            }
        );
}
