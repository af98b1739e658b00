using System.Security.Cryptography;
using System.Text;

namespace WebhookDelivery.Core;

/// <summary>
/// AES-256-GCM with a fresh random nonce: version byte, 12 bytes of nonce, ciphertext, 16 bytes of tag.
/// </summary>
public static class SealedBox
{
    /// <summary>Bytes of a key.</summary>
    public const int KeyBytes = 32;

    private const byte Version = 1;
    private const int NonceBytes = 12;
    private const int TagBytes = 16;
    private const int HeadBytes = 1 + NonceBytes;

    /// <summary>Encrypts; the same input gives another output each time.</summary>
    public static byte[] Seal(
        ReadOnlySpan<byte> key,
        ReadOnlySpan<byte> plaintext,
        string associatedData
    )
    {
        var box = new byte[HeadBytes + plaintext.Length + TagBytes];
        box[0] = Version;
        var nonce = box.AsSpan(1, NonceBytes);
        RandomNumberGenerator.Fill(nonce);
        using var aes = new AesGcm(key, TagBytes);
        aes.Encrypt(
            nonce,
            plaintext,
            box.AsSpan(HeadBytes, plaintext.Length),
            box.AsSpan(HeadBytes + plaintext.Length),
            Encoding.UTF8.GetBytes(associatedData)
        );
        return box;
    }

    /// <summary>Decrypts.</summary>
    /// <exception cref="CryptographicException">Another key, other associated data, or changed bytes.</exception>
    public static byte[] Open(ReadOnlySpan<byte> key, ReadOnlySpan<byte> box, string associatedData)
    {
        if (box.Length < HeadBytes + TagBytes || box[0] != Version)
        {
            throw new CryptographicException("Not a sealed value of a known version.");
        }

        var plaintext = new byte[box.Length - HeadBytes - TagBytes];
        using var aes = new AesGcm(key, TagBytes);
        aes.Decrypt(
            box.Slice(1, NonceBytes),
            box.Slice(HeadBytes, plaintext.Length),
            box[^TagBytes..],
            plaintext,
            Encoding.UTF8.GetBytes(associatedData)
        );
        return plaintext;
    }
}
