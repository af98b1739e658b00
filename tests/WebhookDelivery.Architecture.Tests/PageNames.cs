using System.Text.RegularExpressions;

namespace WebhookDelivery.Architecture.Tests;

/// <summary>Finds what a Markdown page claims to exist: the paths and types in its code spans.</summary>
internal static partial class PageNames
{
    private static readonly string[] s_extensions =
    [
        ".config",
        ".cs",
        ".csproj",
        ".json",
        ".md",
        ".props",
        ".py",
        ".sh",
        ".sln",
        ".targets",
        ".txt",
        ".yaml",
        ".yml",
    ];

    // Names of others, which no assembly beside the tests and no file here can confirm: headers and
    // products as they are spelt, and media types.
    private static readonly HashSet<string> s_foreign = new(StringComparer.Ordinal)
    {
        "Authorization",
        "DynamoDB",
        "Kestrel",
        "Location",
        "SQLite",
        "application/json",
        "application/problem+json",
    };

    public static IEnumerable<string> Faults(string page) =>
        Span()
            .Matches(Fence().Replace(page, ""))
            .Select(match => match.Groups["code"].Value.Trim())
            .Select(Fault)
            .OfType<string>();

    private static string? Fault(string span)
    {
        var name = TypeArguments().Replace(Call().Replace(span, ""), "");
        if (s_foreign.Contains(span) || (LooksLikeType(name) && KnownNames.Contains(name)))
        {
            return null;
        }

        var words = span.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        if (LooksLikePath(span) && words.Length == 1)
        {
            return Exists(span.TrimEnd('/')) ? null : $"`{span}` is no path of the repository";
        }

        if (LooksLikeType(name))
        {
            return $"`{span}` is no type, or no member of its type";
        }

        // A command or a sample: only what begins at one of the root's folders is a path for sure.
        return words.Length == 1
            ? null
            : words.Where(BeginsAtRoot).Select(Fault).FirstOrDefault(fault => fault is not null);
    }

    private static bool LooksLikePath(string span) =>
        // What begins with a slash is a route of the API; what holds :// is an address.
        !span.StartsWith('/')
        && !span.Contains("://", StringComparison.Ordinal)
        && (span.Contains('/', StringComparison.Ordinal) || s_extensions.Any(span.EndsWith));

    private static bool LooksLikeType(string name) =>
        Pascal().IsMatch(name) && name.Any(char.IsAsciiLetterLower);

    private static bool BeginsAtRoot(string word) =>
        word.IndexOf('/', StringComparison.Ordinal) is > 0 and var slash
        && Repository.Folders.Contains(word[..slash]);

    // A path may leave out the folders above it: the page says once where they stand.
    private static bool Exists(string path)
    {
        var pattern =
            "(^|/)"
            + Regex
                .Escape(Relative().Replace(path, ""))
                .Replace(@"\*\*", ".*", StringComparison.Ordinal)
                .Replace(@"\*", "[^/]*", StringComparison.Ordinal)
            + "$";
        var wanted = new Regex(pattern, RegexOptions.ExplicitCapture, TimeSpan.FromSeconds(5));
        return Repository.Folders.Concat(Repository.Files).Any(wanted.IsMatch);
    }

    [GeneratedRegex(
        @"^(?<mark>```|~~~).*?^\k<mark>\s*$",
        RegexOptions.Multiline | RegexOptions.Singleline | RegexOptions.ExplicitCapture
    )]
    private static partial Regex Fence();

    [GeneratedRegex(@"(?<!`)`(?<code>[^`\n]+)`(?!`)", RegexOptions.ExplicitCapture)]
    private static partial Regex Span();

    [GeneratedRegex(@"^(\.\.?/)+", RegexOptions.ExplicitCapture)]
    private static partial Regex Relative();

    [GeneratedRegex(@"<[^<>]*>|\{[^{}]*\}$")]
    private static partial Regex TypeArguments();

    [GeneratedRegex(@"\(.*\)$")]
    private static partial Regex Call();

    [GeneratedRegex(@"^[A-Z]\w*(\.[A-Z]\w*)*$", RegexOptions.ExplicitCapture)]
    private static partial Regex Pascal();
}
