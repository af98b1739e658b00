using System.Text;
using System.Text.RegularExpressions;

namespace WebhookDelivery.Architecture.Tests;

/// <summary>Just enough of C#'s grammar to find top-level declarations and calls in a file.</summary>
internal static partial class SourceText
{
    /// <summary>
    /// The same text with comments, strings and characters blanked out: line breaks and every
    /// other position stay. Code inside the holes of an interpolated string is blanked too.
    /// </summary>
    public static string CodeOf(string source)
    {
        var code = new StringBuilder(source);
        for (var at = 0; at < source.Length; )
        {
            var end = EndOfText(source, at);
            for (var i = at; i < end; i++)
            {
                code[i] = source[i] == '\n' ? '\n' : ' ';
            }

            at = Math.Max(end, at + 1);
        }

        return code.ToString();
    }

    /// <summary>Names of the types declared outside any other; file-local ones do not count.</summary>
    public static IReadOnlyList<string> TopLevelTypes(string source) =>
        [
            .. Declaration()
                .Matches(OutermostOf(CodeOf(source)))
                .Where(match => !match.Groups["modifiers"].Value.Contains("file"))
                .Select(match => match.Groups["name"].Value),
        ];

    // What lies within braces is blanked, except for those of a namespace.
    private static string OutermostOf(string code)
    {
        var outermost = new StringBuilder(code);
        var namespaces = NamespaceBrace()
            .Matches(code)
            .Select(m => m.Index + m.Length - 1)
            .ToHashSet();
        var open = new Stack<bool>();
        for (var i = 0; i < code.Length; i++)
        {
            if (code[i] == '{')
            {
                open.Push(!namespaces.Contains(i));
            }
            else if (code[i] == '}' && open.Count > 0)
            {
                open.Pop();
            }
            else if (code[i] != '\n' && open.Contains(true))
            {
                outermost[i] = ' ';
            }
        }

        return outermost.ToString();
    }

    // Where the comment or literal ends that begins at this position; the position itself if none does.
    private static int EndOfText(string source, int at)
    {
        var rest = source.AsSpan(at);
        if (rest.StartsWith("//"))
        {
            return EndAfter(source, "\n", at);
        }

        if (rest.StartsWith("/*"))
        {
            return EndAfter(source, "*/", at + 2);
        }

        if (rest[0] == '\'')
        {
            return EndOfQuoted(source, at + 1, '\'', holes: false);
        }

        var prefix = rest.IndexOfAnyExcept('$', '@');
        if (prefix < 0 || rest[prefix] != '"')
        {
            return at;
        }

        var quote = at + prefix;
        var quotes = Math.Max(source.AsSpan(quote).IndexOfAnyExcept('"'), 1);
        if (quotes >= 3)
        {
            return EndAfter(source, new string('"', quotes), quote + quotes);
        }

        var holes = rest[..prefix].Contains('$');
        return rest[..prefix].Contains('@')
            ? EndOfVerbatim(source, quote + 1, holes)
            : EndOfQuoted(source, quote + 1, '"', holes);
    }

    private static int EndOfQuoted(string source, int at, char quote, bool holes)
    {
        while (at < source.Length && source[at] != quote && source[at] != '\n')
        {
            at = source[at] == '\\' ? at + 2 : Step(source, at, holes);
        }

        return Math.Min(at + 1, source.Length);
    }

    private static int EndOfVerbatim(string source, int at, bool holes)
    {
        while (at < source.Length)
        {
            if (source[at] != '"')
            {
                at = Step(source, at, holes);
            }
            else if (at + 1 < source.Length && source[at + 1] == '"')
            {
                at += 2;
            }
            else
            {
                return at + 1;
            }
        }

        return source.Length;
    }

    // One character of a literal, or a whole hole, which may hold literals of its own.
    private static int Step(string source, int at, bool holes)
    {
        if (!holes || source[at] != '{')
        {
            return at + 1;
        }

        if (at + 1 < source.Length && source[at + 1] == '{')
        {
            return at + 2;
        }

        var depth = 0;
        while (at < source.Length)
        {
            depth += source[at] switch
            {
                '{' => 1,
                '}' => -1,
                _ => 0,
            };
            if (depth == 0)
            {
                return at + 1;
            }

            at = Math.Max(EndOfText(source, at), at + 1);
        }

        return source.Length;
    }

    private static int EndAfter(string source, string mark, int from)
    {
        var found = source.IndexOf(mark, Math.Min(from, source.Length), StringComparison.Ordinal);
        return found < 0 ? source.Length : found + mark.Length;
    }

    [GeneratedRegex(@"\bnamespace\s+[\w.]+\s*\{")]
    private static partial Regex NamespaceBrace();

    [GeneratedRegex(
        @"^\s*(\[.*\]\s*)*(?<modifiers>((public|internal|private|protected|file|static|sealed|abstract|readonly|ref|unsafe|partial)\s+)*)((class|interface|enum|struct|record(\s+(class|struct))?)\s+|delegate\s+[^;(]*?)(?<name>\w+)\s*(<[^;({]*>)?\s*([({:;]|where\b|$)",
        RegexOptions.Multiline | RegexOptions.ExplicitCapture
    )]
    private static partial Regex Declaration();
}
