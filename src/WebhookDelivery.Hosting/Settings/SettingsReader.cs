using System.Globalization;
using Microsoft.Extensions.Configuration;

namespace WebhookDelivery.Hosting;

/// <summary>
/// Reads one configuration section value by value, collecting every fault in words that name the
/// key, and every key that nobody asked for.
/// </summary>
internal sealed class SettingsReader(IConfigurationSection section)
{
    private readonly List<string> _faults = [];
    private readonly HashSet<string> _known = new(StringComparer.OrdinalIgnoreCase);

    /// <summary>What is wrong, unknown keys included; empty if nothing is.</summary>
    public IReadOnlyList<string> Faults =>
        [
            .. _faults,
            .. Leaves(section)
                .Where(key => !_known.Any(known => IsKeyOrItem(key, known)))
                .Select(key => $"{section.Path}:{key} is not a setting."),
        ];

    public void Fault(string key, string what) => _faults.Add($"{section.Path}:{key} {what}");

    /// <summary>Says that a key exists although nothing reads it in this configuration.</summary>
    public void Allow(string key) => _known.Add(key);

    public string? Text(string key)
    {
        _known.Add(key);
        return section[key] is { Length: > 0 } text ? text : null;
    }

    public bool Flag(string key, bool fallback)
    {
        if (Text(key) is not { } text)
        {
            return fallback;
        }

        if (!bool.TryParse(text, out var value))
        {
            Fault(key, "must be true or false.");
        }

        return value;
    }

    /// <summary>A whole number within inclusive bounds.</summary>
    public int Whole(string key, int fallback, int min, int max)
    {
        if (Text(key) is not { } text)
        {
            return fallback;
        }

        if (
            !int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var value)
            || value < min
            || value > max
        )
        {
            Fault(key, $"must be a whole number from {min} to {max}.");
            return fallback;
        }

        return value;
    }

    /// <summary>Seconds, a fraction allowed, within inclusive bounds.</summary>
    public TimeSpan Seconds(string key, TimeSpan fallback, double min, double max)
    {
        if (Text(key) is not { } text)
        {
            return fallback;
        }

        if (
            !double.TryParse(
                text,
                NumberStyles.AllowDecimalPoint,
                CultureInfo.InvariantCulture,
                out var value
            ) || !(value >= min && value <= max)
        )
        {
            Fault(key, $"must be a number of seconds from {min} to {max}.");
            return fallback;
        }

        return TimeSpan.FromSeconds(value);
    }

    /// <summary>
    /// A whole number of <c>s</c>, <c>m</c>, <c>h</c> or <c>d</c> within inclusive bounds, such as
    /// <c>36h</c>; or <c>0</c>.
    /// </summary>
    public TimeSpan Span(string key, TimeSpan fallback, TimeSpan min, TimeSpan max)
    {
        if (Text(key) is not { } text)
        {
            return fallback;
        }

        if (text == "0")
        {
            return TimeSpan.Zero;
        }

        long unit = text[^1] switch
        {
            's' => TimeSpan.TicksPerSecond,
            'm' => TimeSpan.TicksPerMinute,
            'h' => TimeSpan.TicksPerHour,
            'd' => TimeSpan.TicksPerDay,
            _ => 0,
        };
        if (
            unit == 0
            || !long.TryParse(
                text.AsSpan(0, text.Length - 1),
                NumberStyles.None,
                CultureInfo.InvariantCulture,
                out var count
            )
            || count > max.Ticks / unit
            || count * unit < min.Ticks
        )
        {
            Fault(
                key,
                $"must be 0, or a whole number followed by s, m, h or d, such as \"36h\", from {Words(min)} to {Words(max)}."
            );
            return fallback;
        }

        return TimeSpan.FromTicks(count * unit);
    }

    /// <summary>A list: a JSON array, indexed keys, or one text with commas. Null if not given.</summary>
    public IReadOnlyList<string>? List(string key)
    {
        if (Text(key) is { } text)
        {
            return text.Split(
                ',',
                StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries
            );
        }

        var items = section
            .GetSection(key)
            .GetChildren()
            .Select(item => item.Value ?? "")
            .ToArray();
        return items.Length > 0 ? items : null;
    }

    /// <summary>A span of whole minutes, as it would be set.</summary>
    private static string Words(TimeSpan span) =>
        span.TotalDays >= 1 ? $"{span.TotalDays}d" : $"{span.TotalMinutes}m";

    private static bool IsKeyOrItem(string key, string known) =>
        key.StartsWith(known, StringComparison.OrdinalIgnoreCase)
        && (
            key.Length == known.Length
            || (
                key[known.Length] == ':'
                && key.AsSpan(known.Length + 1).IndexOfAnyExceptInRange('0', '9') < 0
            )
        );

    private IEnumerable<string> Leaves(IConfigurationSection from) =>
        from.GetChildren()
            .SelectMany(child =>
                child.GetChildren().Any()
                    ? Leaves(child)
                    : [child.Path[(section.Path.Length + 1)..]]
            );
}
