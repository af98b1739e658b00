using System.Diagnostics.CodeAnalysis;

namespace WebhookDelivery.Core;

/// <summary>Names one tenant: 3–50 of lower-case letters, digits and hyphens, chosen by the operator.</summary>
public readonly record struct TenantId
{
    /// <summary>Fewest characters, inclusive.</summary>
    public const int LengthMin = 3;

    /// <summary>Most characters, inclusive.</summary>
    public const int LengthMax = 50;

    private readonly string? _value;

    private TenantId(string value) => _value = value;

    /// <summary>The text; empty for <c>default</c>, which names no tenant.</summary>
    public string Value => _value ?? "";

    /// <summary>Reads a tenant id. False for anything that is not of the form above.</summary>
    public static bool TryParse([NotNullWhen(true)] string? text, out TenantId id)
    {
        id = default;
        if (text is null || text.Length is < LengthMin or > LengthMax)
        {
            return false;
        }

        foreach (var character in text)
        {
            if (character is not ((>= 'a' and <= 'z') or (>= '0' and <= '9') or '-'))
            {
                return false;
            }
        }

        id = new TenantId(text);
        return true;
    }

    /// <summary>Reads a tenant id that is known to be one, such as a stored one.</summary>
    /// <exception cref="FormatException">It is not one.</exception>
    public static TenantId Parse(string text) =>
        TryParse(text, out var id) ? id : throw new FormatException("Not a tenant id.");

    /// <summary>The text form.</summary>
    public override string ToString() => Value;
}
