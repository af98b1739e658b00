using System.Buffers;

namespace WebhookDelivery.Core;

/// <summary>
/// What may name an endpoint besides its own id: 1–100 ASCII letters, digits, <c>.</c>, <c>_</c> and
/// <c>-</c>, compared by ordinal. None begins with <see cref="EndpointId.Prefix"/>, so that a text is
/// never both, and none is of dots alone, which an address cannot hold.
/// </summary>
public static class ExternalIds
{
    /// <summary>Most characters, inclusive.</summary>
    public const int LengthMax = 100;

    /// <summary>What is wrong with a text that is none, for the tenant.</summary>
    public const string Fault =
        "Must be 1 to 100 letters, digits, dots, underscores and hyphens, must not begin with ep_, and must not be of dots alone.";

    private static readonly SearchValues<char> s_characters = SearchValues.Create(
        "-._0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
    );

    /// <summary>Whether a text can be one.</summary>
    public static bool IsExternalId(ReadOnlySpan<char> text) =>
        text.Length is >= 1 and <= LengthMax
        && !text.ContainsAnyExcept(s_characters)
        && text.ContainsAnyExcept('.')
        && !text.StartsWith(EndpointId.Prefix, StringComparison.Ordinal);
}
