using System.Security.Cryptography;

namespace WebhookDelivery.Core;

/// <summary>
/// The master keys at hand: the current one, which wraps, and those that it replaced, which still open.
/// Its text is a key per line, in base64, the current one first. Immutable.
/// </summary>
public sealed class MasterKeyRing
{
    /// <summary>Most keys, inclusive: each one costs an attempt at every data key that it does not wrap.</summary>
    public const int KeysMax = 16;

    private static readonly char[] LineEnds = ['\n', '\r'];

    private readonly ReadOnlyMemory<byte>[] _keys;

    private MasterKeyRing(params ReadOnlyMemory<byte>[] keys) => _keys = keys;

    /// <summary>The key that wraps; 32 bytes.</summary>
    public ReadOnlyMemory<byte> Current => _keys[0];

    /// <summary>The keys that it replaced, the latest first; 32 bytes each.</summary>
    public IReadOnlyList<ReadOnlyMemory<byte>> Previous => _keys[1..];

    /// <summary>A ring of one new random key.</summary>
    public static MasterKeyRing Create() => new(NewKey());

    /// <summary>Reads 1 to 16 keys; null if it is anything else. Blank lines are passed over.</summary>
    public static MasterKeyRing? Parse(string text)
    {
        var lines = text.Split(
            LineEnds,
            StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries
        );
        var keys = new List<ReadOnlyMemory<byte>>();
        foreach (var line in lines)
        {
            var bytes = new byte[SealedBox.KeyBytes];
            if (
                !Convert.TryFromBase64String(line, bytes, out var length)
                || length != SealedBox.KeyBytes
            )
            {
                return null;
            }

            keys.Add(bytes);
        }

        return keys.Count is >= 1 and <= KeysMax ? new MasterKeyRing([.. keys]) : null;
    }

    /// <summary>The text that <see cref="Parse"/> reads. It is secret.</summary>
    public string Format() =>
        string.Concat(_keys.Select(key => Convert.ToBase64String(key.Span) + "\n"));

    /// <summary>A new random key before all that are here.</summary>
    /// <exception cref="InvalidOperationException">There are as many as there may be.</exception>
    public MasterKeyRing Renew() =>
        _keys.Length < KeysMax
            ? new MasterKeyRing([NewKey(), .. _keys])
            : throw new InvalidOperationException(
                $"{KeysMax} master keys are kept already: remove some that no backup needs."
            );

    /// <summary>The current key alone.</summary>
    public MasterKeyRing WithoutPrevious() => new(_keys[0]);

    private static byte[] NewKey() => RandomNumberGenerator.GetBytes(SealedBox.KeyBytes);
}
