using System.Globalization;

namespace WebhookDelivery.Core;

/// <summary>
/// A JSON number by its value, exactly: its significant digits and the power of ten of the last one. So 1.0, 1
/// and 10e-1 are one, whatever their size.
/// </summary>
/// <param name="IsNegative">Whether it is below zero; zero is not.</param>
/// <param name="Digits">Without zeros at either end; empty for zero.</param>
/// <param name="Exponent">The power of ten of the last digit; 0 for zero.</param>
internal readonly record struct WrittenNumber(bool IsNegative, string Digits, long Exponent)
{
    /// <summary>Reads a number's text, of JSON's grammar. False if its exponent is beyond all measure.</summary>
    public static bool TryParse(string text, out WrittenNumber number)
    {
        var isNegative = text[0] == '-';
        var unsigned = isNegative ? text[1..] : text;
        var exponentAt = unsigned.AsSpan().IndexOfAny('e', 'E');
        var mantissa = exponentAt < 0 ? unsigned : unsigned[..exponentAt];
        var point = mantissa.IndexOf('.', StringComparison.Ordinal);
        var digits = mantissa.Replace(".", "", StringComparison.Ordinal).TrimStart('0');
        var significant = digits.TrimEnd('0');
        long exponent = 0;
        number = default;
        if (
            exponentAt >= 0
            && (
                !long.TryParse(
                    unsigned.AsSpan(exponentAt + 1),
                    NumberStyles.AllowLeadingSign,
                    CultureInfo.InvariantCulture,
                    out exponent
                ) || exponent is < -int.MaxValue or > int.MaxValue
            )
        )
        {
            return false;
        }

        exponent -= point < 0 ? 0 : mantissa.Length - point - 1;
        exponent += digits.Length - significant.Length;
        number =
            significant.Length == 0
                ? new WrittenNumber(false, "", 0)
                : new WrittenNumber(isNegative, significant, exponent);
        return true;
    }

    /// <summary>
    /// What a program that keeps numbers as doubles writes for a number; false if it is too large for one.
    /// </summary>
    public static bool TryRound(string text, out WrittenNumber rounded)
    {
        rounded = default;
        return double.TryParse(
                text,
                NumberStyles.Float,
                CultureInfo.InvariantCulture,
                out var value
            )
            && double.IsFinite(value)
            && TryParse(value.ToString("R", CultureInfo.InvariantCulture), out rounded);
    }
}
