using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;
using WebhookDelivery.Core;

namespace WebhookDelivery.Aws;

/// <summary>
/// A tenant's unwrapped data key, until it is erased. Thread-safe: it is never erased under a use,
/// which would encrypt under a key of zeros.
/// </summary>
internal sealed class PlainDataKey
{
    private readonly Lock _gate = new();
    private readonly byte[] _key;
    private bool _erased;

    /// <summary>Takes the key over; the array must have no other use.</summary>
    public PlainDataKey(byte[] key) => _key = key;

    /// <summary>Encrypts; false if the key is erased.</summary>
    public bool TrySeal(
        ReadOnlySpan<byte> plaintext,
        string associatedData,
        [NotNullWhen(true)] out byte[]? box
    )
    {
        // Some microseconds, and seldom: opened endpoints are cached above this.
        lock (_gate)
        {
            box = _erased ? null : SealedBox.Seal(_key, plaintext, associatedData);
            return box is not null;
        }
    }

    /// <summary>Decrypts; false if the key is erased.</summary>
    /// <exception cref="CryptographicException">Another key, other associated data, or changed bytes.</exception>
    public bool TryOpen(
        ReadOnlySpan<byte> box,
        string associatedData,
        [NotNullWhen(true)] out byte[]? plaintext
    )
    {
        lock (_gate)
        {
            plaintext = _erased ? null : SealedBox.Open(_key, box, associatedData);
            return plaintext is not null;
        }
    }

    /// <summary>Overwrites the key. Idempotent.</summary>
    public void Erase()
    {
        lock (_gate)
        {
            _erased = true;
            CryptographicOperations.ZeroMemory(_key);
        }
    }
}
