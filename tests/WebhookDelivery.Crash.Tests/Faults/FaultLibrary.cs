using System.ComponentModel;
using System.Diagnostics;
using WebhookDelivery.Testing;

namespace WebhookDelivery.Crash.Tests;

/// <summary>The fault library, compiled once for all tests of a run.</summary>
internal static class FaultLibrary
{
    private static readonly TemporaryDirectory s_directory = new();
    private static readonly Lazy<string> s_path = new(Compile);

    /// <summary>The shared library's path.</summary>
    /// <exception cref="InvalidOperationException">There is no compiler, or it refuses the source.</exception>
    public static string Path => s_path.Value;

    private static string Compile()
    {
        AppDomain.CurrentDomain.ProcessExit += (_, _) => s_directory.Dispose();
        var source = System.IO.Path.Combine(AppContext.BaseDirectory, "fault-library");
        var library = System.IO.Path.Combine(s_directory.Path, "faults.so");
        string[] arguments =
        [
            "-shared",
            "-fPIC",
            "-O2",
            "-Wall",
            "-Wextra",
            "-Werror",
            "-o",
            library,
            .. Directory.GetFiles(source, "*.c").Order(StringComparer.Ordinal),
            "-ldl",
            "-lpthread",
        ];
        var start = new ProcessStartInfo("gcc", arguments)
        {
            UseShellExecute = false,
            RedirectStandardError = true,
        };
        try
        {
            using var gcc = Process.Start(start)!;
            var errors = gcc.StandardError.ReadToEnd();
            gcc.WaitForExit();
            return gcc.ExitCode == 0
                ? library
                : throw new InvalidOperationException($"gcc refuses the fault library: {errors}");
        }
        catch (Win32Exception exception)
        {
            throw new InvalidOperationException(
                "gcc is missing, which compiles the library that kills the server at named points: install it (Debian: apt-get install gcc libc6-dev).",
                exception
            );
        }
    }
}
