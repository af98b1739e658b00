namespace WebhookDelivery.Core;

/// <summary>
/// Which event types an endpoint gets: a list of patterns, one of which must match; an empty list
/// matches every event, also one without a type. A pattern is dot-separated segments; <c>*</c>
/// stands for exactly one segment and <c>**</c>, only as the last, for one or more.
/// Case-sensitive. Immutable, compared by its patterns.
/// </summary>
public sealed class EventTypeFilter : IEquatable<EventTypeFilter>
{
    /// <summary>Most patterns, inclusive.</summary>
    public const int PatternsMax = 100;

    /// <summary>Most characters of a type or pattern, inclusive.</summary>
    public const int TypeLengthMax = 255;

    /// <summary>Matches every event.</summary>
    public static readonly EventTypeFilter All = new([]);

    private readonly string[] _patterns;

    private EventTypeFilter(string[] patterns) => _patterns = patterns;

    /// <summary>The patterns as given; empty for <see cref="All"/>.</summary>
    public IReadOnlyList<string> Patterns => _patterns;

    /// <summary>Reads a list of patterns; <paramref name="fault"/> says what is wrong, for the tenant.</summary>
    public static EventTypeFilter? Parse(IReadOnlyList<string> patterns, out string? fault)
    {
        fault = patterns.Count > PatternsMax ? $"At most {PatternsMax} event types." : null;
        for (var i = 0; i < patterns.Count && fault is null; i++)
        {
            if (!IsPattern(patterns[i]))
            {
                fault =
                    $"Event type {i + 1} must be 1–{TypeLengthMax} printable ASCII characters; `*` may stand for one whole segment, `**` for the rest.";
            }
        }

        return fault is null ? new EventTypeFilter([.. patterns]) : null;
    }

    /// <summary>True for 1–255 characters of printable ASCII: what can be an event's type.</summary>
    public static bool IsType(ReadOnlySpan<char> text) =>
        text.Length is >= 1 and <= TypeLengthMax
        && !text.ContainsAnyExceptInRange('\u0020', '\u007e')
        && text[0] != ' '
        && text[^1] != ' ';

    /// <summary>Whether an event of this type (null: none) passes.</summary>
    public bool Matches(string? type)
    {
        if (_patterns.Length == 0)
        {
            return true;
        }

        if (type is null)
        {
            return false;
        }

        foreach (var pattern in _patterns)
        {
            if (Matches(pattern, type))
            {
                return true;
            }
        }

        return false;
    }

    /// <inheritdoc/>
    public bool Equals(EventTypeFilter? other) =>
        other is not null && _patterns.AsSpan().SequenceEqual(other._patterns);

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as EventTypeFilter);

    /// <inheritdoc/>
    public override int GetHashCode() =>
        _patterns.Aggregate(_patterns.Length, (hash, each) => HashCode.Combine(hash, each));

    private static bool IsPattern(string pattern)
    {
        if (!IsType(pattern))
        {
            return false;
        }

        var segments = pattern.Split('.');
        for (var i = 0; i < segments.Length; i++)
        {
            var wild = segments[i] == "*" || (segments[i] == "**" && i == segments.Length - 1);
            if (!wild && segments[i].Contains('*', StringComparison.Ordinal))
            {
                return false;
            }
        }

        return true;
    }

    private static bool Matches(ReadOnlySpan<char> pattern, ReadOnlySpan<char> type)
    {
        while (true)
        {
            var patternDot = pattern.IndexOf('.');
            var typeDot = type.IndexOf('.');
            var segment = patternDot < 0 ? pattern : pattern[..patternDot];
            if (segment is "**")
            {
                return true;
            }

            if (segment is not "*" && !segment.SequenceEqual(typeDot < 0 ? type : type[..typeDot]))
            {
                return false;
            }

            if (patternDot < 0 || typeDot < 0)
            {
                return patternDot < 0 && typeDot < 0;
            }

            pattern = pattern[(patternDot + 1)..];
            type = type[(typeDot + 1)..];
        }
    }
}
