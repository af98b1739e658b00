using System.Security.Cryptography;

namespace WebhookDelivery.Core;

/// <summary>
/// The embedded engine's protector: data keys are wrapped by one master key held in this process.
/// </summary>
public sealed class MasterKeySecretProtector : ISecretProtector
{
    private readonly byte[] _masterKey;

    /// <summary>Uses the given master key.</summary>
    /// <param name="masterKey">32 random bytes.</param>
    /// <exception cref="ArgumentException">Not 32 bytes.</exception>
    public MasterKeySecretProtector(ReadOnlySpan<byte> masterKey)
    {
        if (masterKey.Length != SealedBox.KeyBytes)
        {
            throw new ArgumentException(
                $"The master key must be {SealedBox.KeyBytes} bytes.",
                nameof(masterKey)
            );
        }

        _masterKey = masterKey.ToArray();
    }

    /// <inheritdoc/>
    public ValueTask<ReadOnlyMemory<byte>> CreateDataKeyAsync(
        TenantId tenant,
        CancellationToken cancellationToken
    )
    {
        var dataKey = RandomNumberGenerator.GetBytes(SealedBox.KeyBytes);
        return new(SealedBox.Seal(_masterKey, dataKey, WrappingContext(tenant)));
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

    private static string WrappingContext(TenantId tenant) => $"data-key\n{tenant}";

    private byte[] Unwrap(TenantDataKey key) =>
        SealedBox.Open(_masterKey, key.Wrapped.Span, WrappingContext(key.TenantId));
}
