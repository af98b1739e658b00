using System.Text.RegularExpressions;

namespace WebhookDelivery.EndToEnd.Tests;

/// <summary>
/// What <c>strace -f -y</c> saw, by line: it writes a call down as it begins, and, where another
/// thread's call came between, its end on a line of its own.
/// </summary>
internal sealed partial class SystemCalls
{
    private readonly List<Call> _calls = [];
    private readonly List<Call> _syncs = [];

    private SystemCalls() { }

    /// <summary>How often the write-ahead log was forced to the disk.</summary>
    public int Syncs => _syncs.Count;

    public static SystemCalls Read(string path)
    {
        var all = new SystemCalls();
        var unfinished = new Dictionary<string, Call>(StringComparer.Ordinal);
        var number = 0;
        foreach (var line in File.ReadLines(path))
        {
            number++;
            var match = LinePattern().Match(line);
            if (!match.Success)
            {
                continue;
            }

            var thread = match.Groups["thread"].Value;
            if (match.Groups["resumed"].Success)
            {
                if (unfinished.Remove(thread, out var call))
                {
                    call.End(number, line);
                }

                continue;
            }

            var begun = new Call(match.Groups["name"].Value, number, line);
            if (line.EndsWith("<unfinished ...>", StringComparison.Ordinal))
            {
                unfinished[thread] = begun;
            }
            else
            {
                begun.End(number, line);
            }

            all._calls.Add(begun);
        }

        all._syncs.AddRange(
            all._calls.Where(call =>
                call.Name is "fsync" or "fdatasync"
                && call.Text.Contains("webhooks.db-wal", StringComparison.Ordinal)
                && call.Succeeded
            )
        );
        return all;
    }

    /// <summary>The first write of a text to the write-ahead log.</summary>
    public Call? FindWrite(string text) =>
        _calls.Find(call =>
            call.Name is "pwrite64" or "write" or "writev"
            && call.Text.Contains("webhooks.db-wal>", StringComparison.Ordinal)
            && call.Text.Contains(text, StringComparison.Ordinal)
        );

    /// <summary>The sending of the 201 that names an event.</summary>
    public Call? FindAnswer(string eventId) =>
        _calls.Find(call =>
            call.Name is "sendto" or "sendmsg" or "write" or "writev"
            && call.Text.Contains("HTTP/1.1 201", StringComparison.Ordinal)
            && call.Text.Contains(eventId, StringComparison.Ordinal)
        );

    /// <summary>Whether an fsync of the log began after one line, and ended before another.</summary>
    public bool HasSyncBetween(int after, int before) =>
        _syncs.Exists(sync => sync.Began > after && sync.Ended < before);

    [GeneratedRegex(
        @"^(?<thread>\d+) +(?:(?<resumed><\.\.\. )?(?<name>\w+))",
        RegexOptions.ExplicitCapture,
        1000
    )]
    private static partial Regex LinePattern();

    /// <summary>A system call, from the line on which it began to the one on which it ended.</summary>
    internal sealed class Call(string name, int began, string text)
    {
        public string Name { get; } = name;

        public int Began { get; } = began;

        /// <summary>Never, until it has been seen to end.</summary>
        public int Ended { get; private set; } = int.MaxValue;

        public string Text { get; } = text;

        public bool Succeeded { get; private set; }

        public void End(int line, string text)
        {
            Ended = line;
            Succeeded = text.EndsWith("= 0", StringComparison.Ordinal);
        }
    }
}
