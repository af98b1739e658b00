using System.Globalization;

namespace WebhookDelivery.Core;

/// <summary>
/// The waits between attempts: attempts = waits + 1. Immutable, compared by its waits. At most
/// <see cref="WaitsMax"/> waits, each a whole number of milliseconds, above zero and at most
/// <see cref="WaitMax"/>, all together at most <see cref="TotalMax"/>. No waits at all means a single
/// attempt.
/// </summary>
public sealed class RetrySchedule : IEquatable<RetrySchedule>
{
    /// <summary>Most waits, inclusive.</summary>
    public const int WaitsMax = 20;

    /// <summary>Longest single wait, inclusive.</summary>
    public static readonly TimeSpan WaitMax = TimeSpan.FromDays(7);

    /// <summary>Longest sum of waits, inclusive.</summary>
    public static readonly TimeSpan TotalMax = TimeSpan.FromDays(14);

    /// <summary>1, 2, 4, 8 and 16 minutes: one first attempt and five retries.</summary>
    public static readonly RetrySchedule Default = new([
        .. new[] { 1, 2, 4, 8, 16 }.Select(minutes => TimeSpan.FromMinutes(minutes)),
    ]);

    private readonly TimeSpan[] _waits;

    private RetrySchedule(TimeSpan[] waits) => _waits = waits;

    /// <summary>The waits, the first being that after the first attempt.</summary>
    public IReadOnlyList<TimeSpan> Waits => _waits;

    /// <summary>How many attempts a delivery gets under this schedule.</summary>
    public int Attempts => _waits.Length + 1;

    /// <summary>
    /// Reads a list such as <c>["30s", "1m", "2h", "7d"]</c>: whole numbers of <c>ms</c>, <c>s</c>,
    /// <c>m</c>, <c>h</c> or <c>d</c>. <paramref name="fault"/> says what is wrong, in a sentence that
    /// can be shown to the tenant; null if nothing is.
    /// </summary>
    public static RetrySchedule? Parse(IReadOnlyList<string?> waits, out string? fault)
    {
        var parsed = new TimeSpan[waits.Count];
        for (var i = 0; i < waits.Count; i++)
        {
            if (!TryParseWait(waits[i], out parsed[i]))
            {
                fault =
                    $"Wait {i + 1} must be a whole number followed by ms, s, m, h or d, such as \"5m\", above 0 and at most 7d.";
                return null;
            }
        }

        return Create(parsed, out fault);
    }

    /// <summary>Makes a schedule of the given waits, or says in <paramref name="fault"/> why not.</summary>
    public static RetrySchedule? Create(IReadOnlyList<TimeSpan> waits, out string? fault)
    {
        fault = true switch
        {
            _ when waits.Count > WaitsMax => $"A retry schedule has at most {WaitsMax} waits.",
            _ when waits.Any(wait => wait <= TimeSpan.Zero || wait > WaitMax) =>
                "Every wait must be above 0 and at most 7 days.",
            _ when waits.Any(wait => wait.Ticks % TimeSpan.TicksPerMillisecond != 0) =>
                "Every wait must be a whole number of milliseconds.",
            _ when waits.Aggregate(TimeSpan.Zero, (sum, wait) => sum + wait) > TotalMax =>
                "All waits together must be at most 14 days.",
            _ => null,
        };
        return fault is null ? new RetrySchedule([.. waits]) : null;
    }

    /// <summary>The waits as <see cref="Parse"/> reads them, each in its largest whole unit.</summary>
    public IReadOnlyList<string> Format() => [.. _waits.Select(FormatWait)];

    /// <inheritdoc/>
    public bool Equals(RetrySchedule? other) =>
        other is not null && _waits.AsSpan().SequenceEqual(other._waits);

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as RetrySchedule);

    /// <inheritdoc/>
    public override int GetHashCode() =>
        _waits.Aggregate(_waits.Length, (hash, wait) => HashCode.Combine(hash, wait));

    /// <inheritdoc/>
    public override string ToString() => string.Join(',', Format());

    private static bool TryParseWait(string? text, out TimeSpan wait)
    {
        wait = default;
        text ??= "";
        var digits = 0;
        while (digits < text.Length && char.IsAsciiDigit(text[digits]))
        {
            digits++;
        }

        long unitMs = text.AsSpan(digits) switch
        {
            "ms" => 1,
            "s" => 1000,
            "m" => 60_000,
            "h" => 3_600_000,
            "d" => 86_400_000,
            _ => 0,
        };

        // Ten digits of days would still fit a long, so the product below cannot overflow.
        if (
            unitMs == 0
            || digits is 0 or > 10
            || !long.TryParse(
                text.AsSpan(0, digits),
                NumberStyles.None,
                CultureInfo.InvariantCulture,
                out var count
            )
        )
        {
            return false;
        }

        var ms = count * unitMs;
        if (ms == 0 || ms > (long)WaitMax.TotalMilliseconds)
        {
            return false;
        }

        wait = TimeSpan.FromMilliseconds(ms);
        return true;
    }

    private static string FormatWait(TimeSpan wait)
    {
        var ms = (long)wait.TotalMilliseconds;
        return true switch
        {
            _ when ms % 86_400_000 == 0 => $"{ms / 86_400_000}d",
            _ when ms % 3_600_000 == 0 => $"{ms / 3_600_000}h",
            _ when ms % 60_000 == 0 => $"{ms / 60_000}m",
            _ when ms % 1000 == 0 => $"{ms / 1000}s",
            _ => $"{ms}ms",
        };
    }
}
