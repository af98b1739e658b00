using System.Security.Cryptography;

namespace WebhookDelivery.Core;

/// <summary>
/// The embedded engine's protector: data keys are wrapped by a master key held in this process. New ones
/// are wrapped by the current master key; previous ones open what they wrapped.
/// </summary>
/// <remarks>
/// A wrapping does not say which key made it: its tag tells, as a wrong key opens it with a chance of
/// 1 in 2^128. So there is no name of a key that could be wrong, and no second format.
/// </remarks>
public sealed class MasterKeySecretProtector : ISecretProtector
{
    private readonly byte[] _current;
    private readonly byte[][] _previous;

    /// <summary>Uses the given master keys.</summary>
    /// <param name="masterKey">The current one: 32 random bytes.</param>
    /// <param name="previous">Those that it replaced, of 32 bytes each; none by default.</param>
    /// <exception cref="ArgumentException">One has not 32 bytes.</exception>
    public MasterKeySecretProtector(
        ReadOnlySpan<byte> masterKey,
        params IEnumerable<ReadOnlyMemory<byte>> previous
    )
    {
        _current = Checked(masterKey.ToArray(), nameof(masterKey));
        _previous = [.. previous.Select(key => Checked(key.ToArray(), nameof(previous)))];
    }

    /// <summary>How many previous master keys are at hand.</summary>
    public int PreviousKeys => _previous.Length;

    /// <inheritdoc/>
    public ValueTask<ReadOnlyMemory<byte>> CreateDataKeyAsync(
        TenantId tenant,
        CancellationToken cancellationToken
    )
    {
        var dataKey = RandomNumberGenerator.GetBytes(SealedBox.KeyBytes);
        return new(SealedBox.Seal(_current, dataKey, WrappingContext(tenant)));
    }

    /// <inheritdoc/>
    public ValueTask<ReadOnlyMemory<byte>> ProtectAsync(
        TenantDataKey key,
        ReadOnlyMemory<byte> plaintext,
        string associatedData,
        CancellationToken cancellationToken
    ) => new(SealedBox.Seal(Unwrap(key), plaintext.Span, associatedData));

    /// <inheritdoc/>
    public ValueTask<ReadOnlyMemory<byte>> UnprotectAsync(
        TenantDataKey key,
        ReadOnlyMemory<byte> ciphertext,
        string associatedData,
        CancellationToken cancellationToken
    ) => new(SealedBox.Open(Unwrap(key), ciphertext.Span, associatedData));

    /// <summary>Says which of the master keys wraps a data key.</summary>
    public MasterKeyMatch Match(TenantDataKey key) =>
        TryUnwrap(_current, key) is not null ? MasterKeyMatch.Current
        : Array.Exists(_previous, previous => TryUnwrap(previous, key) is not null)
            ? MasterKeyMatch.Previous
        : MasterKeyMatch.None;

    /// <summary>Wraps a data key, whichever master key wraps it, under the current one. Stores nothing.</summary>
    /// <exception cref="CryptographicException">None of the master keys opens it.</exception>
    public ReadOnlyMemory<byte> Rewrap(TenantDataKey key) =>
        SealedBox.Seal(_current, Unwrap(key), WrappingContext(key.TenantId));

    private static string WrappingContext(TenantId tenant) => $"data-key\n{tenant}";

    private static byte[] Checked(byte[] key, string parameter) =>
        key.Length == SealedBox.KeyBytes
            ? key
            : throw new ArgumentException(
                $"A master key must be {SealedBox.KeyBytes} bytes.",
                parameter
            );

    private byte[] Unwrap(TenantDataKey key) =>
        _previous
            .Prepend(_current)
            .Select(masterKey => TryUnwrap(masterKey, key))
            .FirstOrDefault(opened => opened is not null)
        ?? throw new CryptographicException("None of the master keys opens the data key.");

    private static byte[]? TryUnwrap(byte[] masterKey, TenantDataKey key)
    {
        try
        {
            return SealedBox.Open(masterKey, key.Wrapped.Span, WrappingContext(key.TenantId));
        }
        catch (CryptographicException)
        {
            return null;
        }
    }
}
