using System.Globalization;
using System.Text;

namespace WebhookDelivery.Http;

/// <summary>
/// Whether a host name is written in characters that a registered name can have. Pure.
/// </summary>
/// <remarks>
/// RFC 5892 permits letters, marks and digits whose compatibility form (NFKC) is themselves, and a
/// few joiners and points. Without globalization data there is no NFKC, so that the runtime encodes a full-width <c>１２７</c>
/// as a name of its own, which nobody can register. The blocks of such forms are therefore listed.
/// Not all of Unicode's: what is missed does not resolve, and its addresses would be judged anyway.
/// </remarks>
internal static class HostCharacters
{
    private static readonly (int First, int Last)[] CompatibilityForms =
    [
        // ª º, the only letters of Latin-1 that are forms.
        (0xAA, 0xAA),
        (0xBA, 0xBA),
        // Superscripts and subscripts; letterlike symbols and number forms; Hangul jamo; ideographs.
        (0x2B0, 0x2B8),
        (0x1D2C, 0x1D6A),
        (0x2070, 0x209F),
        (0x2100, 0x218F),
        (0x3130, 0x318F),
        (0xF900, 0xFAFF),
        // Ligatures and presentation forms; half and full width.
        (0xFB00, 0xFDFF),
        (0xFE70, 0xFFEF),
        // Mathematical letters and digits, segmented digits, ideographs.
        (0x1D400, 0x1D7FF),
        (0x1FBF0, 0x1FBF9),
        (0x2F800, 0x2FA1F),
    ];

    /// <summary>RFC 5892, appendix A: allowed where their neighbours make sense, which is not checked.</summary>
    private static readonly int[] InContext = [0xB7, 0x375, 0x5F3, 0x5F4, 0x200C, 0x200D, 0x30FB];

    public static bool AreRegistrable(string host)
    {
        foreach (var rune in host.EnumerateRunes())
        {
            if (
                !rune.IsAscii
                && !IsDot(rune)
                && !InContext.Contains(rune.Value)
                && !IsRegistrable(rune)
            )
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>The ideographic full stops, which separate labels as a dot does (RFC 3490, 3.1).</summary>
    private static bool IsDot(Rune rune) => rune.Value is 0x3002 or 0xFF0E or 0xFF61;

    private static bool IsRegistrable(Rune rune) =>
        Rune.GetUnicodeCategory(rune)
            is UnicodeCategory.LowercaseLetter
                or UnicodeCategory.UppercaseLetter
                or UnicodeCategory.OtherLetter
                or UnicodeCategory.ModifierLetter
                or UnicodeCategory.NonSpacingMark
                or UnicodeCategory.SpacingCombiningMark
                or UnicodeCategory.DecimalDigitNumber
        && !Array.Exists(
            CompatibilityForms,
            form => rune.Value >= form.First && rune.Value <= form.Last
        );
}
