using System.Diagnostics.CodeAnalysis;
using System.Globalization;

namespace WebhookDelivery.Signatures;

/// <summary>The timestamp both schemes sign: Unix time in whole seconds, as decimal digits.</summary>
internal static class UnixSeconds
{
    /// <summary>253402300799 is the last second of the year 9999.</summary>
    public const int DigitsMax = 12;

    public static string Format(DateTimeOffset timestamp)
    {
        var seconds = timestamp.ToUnixTimeSeconds();
        ArgumentOutOfRangeException.ThrowIfNegative(seconds, nameof(timestamp));
        return seconds.ToString(CultureInfo.InvariantCulture);
    }

    /// <summary>Reads digits only: no sign, space or separator, and no time past the year 9999.</summary>
    public static bool TryParse(ReadOnlySpan<char> text, out DateTimeOffset timestamp)
    {
        timestamp = default;
        if (
            text.Length > DigitsMax
            || !long.TryParse(
                text,
                NumberStyles.None,
                CultureInfo.InvariantCulture,
                out var seconds
            )
            || seconds > DateTimeOffset.MaxValue.ToUnixTimeSeconds()
        )
        {
            return false;
        }

        timestamp = DateTimeOffset.FromUnixTimeSeconds(seconds);
        return true;
    }

    /// <summary>Whether two times are at most <paramref name="tolerance"/> apart, either way.</summary>
    public static bool IsWithin(DateTimeOffset timestamp, DateTimeOffset now, TimeSpan tolerance) =>
        (now - timestamp).Duration() <= tolerance;
}
