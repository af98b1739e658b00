using System.Runtime.InteropServices;

namespace WebhookDelivery.Benchmarks;

/// <summary>The signals that .NET cannot send by itself. Nothing happens if the process has ended.</summary>
internal static partial class Signals
{
    /// <summary>On every architecture of .NET on Linux; ignored by whoever does not ask for it.</summary>
    public const int SigWinch = 28;

    /// <summary>On every architecture of .NET on Linux.</summary>
    public const int SigUsr1 = 10;

    private const int SigInt = 2;
    private const int SigTerm = 15;

    /// <summary>Has <see cref="AllocationSampler"/> begin, or end.</summary>
    public static void SampleAllocations(int pid) => _ = Kill(pid, SigWinch);

    /// <summary>Asks a process to stop.</summary>
    public static void Terminate(int pid) => _ = Kill(pid, SigTerm);

    /// <summary>Does what Ctrl-C does.</summary>
    public static void Interrupt(int pid) => _ = Kill(pid, SigInt);

    /// <summary>Asks for what <see cref="RuntimeCounters"/> has counted.</summary>
    public static void AskForCounters(int pid) => _ = Kill(pid, SigUsr1);

    [LibraryImport("libc", EntryPoint = "kill")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int Kill(int pid, int signal);
}
