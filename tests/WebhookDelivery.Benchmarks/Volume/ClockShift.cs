namespace WebhookDelivery.Benchmarks;

/// <summary>
/// A library loaded ahead of libc that lets a server's wall clock run ahead of the machine's:
/// <c>clock-shim/shifted_clock.c</c>.
/// </summary>
internal static class ClockShift
{
    private const string LibraryName = "shifted_clock.so";

    /// <summary>What a server has to be started with; it lies beside the other library.</summary>
    /// <param name="settings">Where the libraries are.</param>
    /// <param name="by">How far ahead, whole seconds.</param>
    /// <exception cref="BrokenRunException">The library is not built.</exception>
    public static IReadOnlyDictionary<string, string> Environment(RunSettings settings, TimeSpan by)
    {
        var library = Path.Combine(Path.GetDirectoryName(settings.Shim)!, LibraryName);
        return File.Exists(library)
            ? new Dictionary<string, string>(StringComparer.Ordinal)
            {
                ["LD_PRELOAD"] = library,
                ["SHIFTED_CLOCK_SECONDS"] = $"{by.TotalSeconds:0}",
            }
            : throw new BrokenRunException($"{library} is not built; it needs gcc.");
    }
}
