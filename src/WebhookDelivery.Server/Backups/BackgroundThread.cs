using System.Runtime.InteropServices;

namespace WebhookDelivery.Server;

/// <summary>Has work beside a running server give way to it.</summary>
internal static class BackgroundThread
{
    private const int ThisThread = 0;

    /// <summary>
    /// Far enough behind the server's 0, and not at the end of 19: there, while all cores are busy,
    /// copying would take so long that the server's log grows beyond its limit.
    /// </summary>
    private const int Niceness = 10;

    /// <summary>Runs it on a thread of lower priority, where the system has such; a thread of the pool.</summary>
    public static Task<T> RunAsync<T>(Func<T> work, CancellationToken cancellationToken) =>
        Task.Run(
            () =>
            {
                if (OperatingSystem.IsLinux())
                {
                    // Refused or not, the work is done.
                    _ = SetPriority(ThisThread, 0, Niceness);
                }

                return work();
            },
            cancellationToken
        );

    [DllImport("libc", EntryPoint = "setpriority")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int SetPriority(int which, uint who, int priority);
}
