using System.Text.RegularExpressions;

namespace WebhookDelivery.Benchmarks;

/// <summary>Prints what events cost the server's process, in plain text.</summary>
internal static partial class ProfileReport
{
    /// <summary>What is rarer is not shown by name: one call in this many events.</summary>
    private const double RarestEvents = 200;

    private const int TypesMax = 25;

    /// <summary>Of a type's name.</summary>
    private const int NameMax = 48;

    public static void Print(TextWriter to, IReadOnlyList<PathCost> paths)
    {
        Line(to, "per event", paths, path => path.Path);
        Row(to, "CPU µs in its own code", paths, c => c.Cpu.UserSeconds * 1e6);
        Row(to, "CPU µs in the kernel", paths, c => c.Cpu.KernelSeconds * 1e6);
        Row(to, "managed bytes allocated", paths, c => c.Runtime.AllocatedBytes);
        Row(to, "thread-pool items", paths, c => c.Runtime.WorkItems);
        Row(to, "waits of a thread", paths, c => c.ContextSwitches);
        Row(to, "fsyncs of the log", paths, c => c.Syncs.OfLog);
        Row(to, "other fsyncs", paths, c => c.Syncs.OfOthers);
        Row(to, "µs of GC pause", paths, c => c.Runtime.PauseMicroseconds);
        Line(to, "per 1,000 events", paths, _ => "");
        Row(to, "collections, generation 0", paths, c => c.Runtime.Collections0 * 1e3);
        Row(to, "collections, generation 1", paths, c => c.Runtime.Collections1 * 1e3);
        Row(to, "collections, full", paths, c => c.Runtime.Collections2 * 1e3);
        Row(to, "lock contentions", paths, c => c.Runtime.LockContentions * 1e3);
        Row(to, "exceptions", paths, c => c.Runtime.Exceptions * 1e3);
        Row(to, "methods compiled", paths, c => c.Runtime.CompiledMethods * 1e3);
        Line(to, "system calls per event (strace)", paths, _ => "");
        Line(to, "  all", paths, path => Text(path.Syscalls.Keys.Sum(path.SyscallsPerEvent)));
        foreach (var name in Names(paths))
        {
            Line(to, $"  {name}", paths, path => Text(path.SyscallsPerEvent(name)));
        }

        Line(to, "managed bytes by type (sampled)", paths, _ => "");
        foreach (var type in Types(paths))
        {
            Line(to, $"  {Shortened(type)}", paths, path => Text(BytesPerEvent(path, type)));
        }

        Line(to, "events counted", paths, path => $"{path.Events}");
        Line(to, "events sampled", paths, path => $"{path.SampledEvents}");
        Line(to, "events traced", paths, path => $"{path.TracedEvents}");
        to.WriteLine();
    }

    private static IEnumerable<string> Names(IReadOnlyList<PathCost> paths) =>
        paths
            .SelectMany(path => path.Syscalls.Keys)
            .Distinct(StringComparer.Ordinal)
            .Select(name => (Name: name, PerEvent: paths.Max(path => path.SyscallsPerEvent(name))))
            .Where(call => call.PerEvent >= 1 / RarestEvents)
            .OrderByDescending(call => call.PerEvent)
            .Select(call => call.Name);

    private static IEnumerable<string> Types(IReadOnlyList<PathCost> paths) =>
        paths
            .SelectMany(path => path.AllocatedBytes.Keys)
            .Distinct(StringComparer.Ordinal)
            .OrderByDescending(type => paths.Max(path => BytesPerEvent(path, type)))
            .Take(TypesMax);

    private static double BytesPerEvent(PathCost path, string type) =>
        path.AllocatedBytes.GetValueOrDefault(type) / path.SampledEvents;

    /// <summary>
    /// Without the namespaces, no longer than the column, and of the box that an asynchronous method lives
    /// in while it waits, the method.
    /// </summary>
    internal static string Shortened(string type)
    {
        var name = NameSpace().Replace(type, "");
        if (
            name.Contains("AsyncStateMachineBox", StringComparison.Ordinal)
            && StateMachine().Match(name) is { Success: true } match
        )
        {
            name = $"async {match.Groups["type"].Value}.{match.Groups["method"].Value}";
        }

        return name.Length <= NameMax ? name : name[..(NameMax - 1)] + "…";
    }

    [GeneratedRegex(@"(?<type>\w+(?:`\d)?)\+<(?<method>\w+)>d__", RegexOptions.NonBacktracking)]
    private static partial Regex StateMachine();

    [GeneratedRegex(@"[A-Za-z0-9_]+\.", RegexOptions.NonBacktracking)]
    private static partial Regex NameSpace();

    private static void Row(
        TextWriter to,
        string name,
        IReadOnlyList<PathCost> paths,
        Func<ServerCounts, double> count
    ) => Line(to, $"  {name}", paths, path => Text(path.PerEvent(count(path.Counts))));

    private static void Line(
        TextWriter to,
        string name,
        IReadOnlyList<PathCost> paths,
        Func<PathCost, string> text
    ) =>
        to.WriteLine(
            $"  {name, -52}{string.Concat(paths.Select(path => $"{text(path), 12}"))}".TrimEnd()
        );

    private static string Text(double figure) => figure >= 100 ? $"{figure:0}" : $"{figure:0.###}";
}
