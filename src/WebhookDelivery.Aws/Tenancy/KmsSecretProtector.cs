using System.Security.Cryptography;
using Amazon.KeyManagementService;
using Amazon.KeyManagementService.Model;
using WebhookDelivery.Core;

namespace WebhookDelivery.Aws;

/// <summary>
/// The AWS engine's protector: data keys are made and wrapped by KMS, for the tenant and no other,
/// and unwrapped ones stay in memory for a while. Thread-safe.
/// </summary>
/// <remarks>
/// A key that KMS has disabled, is deleting, cannot reach or does not let us use is an outage
/// (<see cref="StoreUnavailableException"/>): an operator can end each of these, and until then
/// deliveries wait. Only what can never be unwrapped is a <see cref="CryptographicException"/>:
/// another tenant's wrapped key, one under another KMS key, or changed bytes. A tenant's secrets are
/// erased with its wrapped data key, of which the tenant's item holds the only copy.
/// </remarks>
internal sealed class KmsSecretProtector : ISecretProtector, IDisposable
{
    /// <summary>Where the encryption context names the tenant; CloudTrail shows it.</summary>
    private const string TenantContext = "tenant";

    private readonly IAmazonKeyManagementService _kms;
    private readonly KmsSecretProtectorOptions _options;
    private readonly PlainDataKeys _keys;

    /// <summary>Uses the given client.</summary>
    public KmsSecretProtector(
        IAmazonKeyManagementService kms,
        KmsSecretProtectorOptions options,
        TimeProvider time
    )
    {
        _kms = kms;
        _options = options;
        _keys = new PlainDataKeys(UnwrapAsync, options, time);
    }

    /// <inheritdoc/>
    /// <exception cref="StoreUnavailableException">KMS refused or did not answer.</exception>
    public async ValueTask<ReadOnlyMemory<byte>> CreateDataKeyAsync(
        TenantId tenant,
        CancellationToken cancellationToken
    )
    {
        var request = new GenerateDataKeyWithoutPlaintextRequest
        {
            KeyId = _options.KeyId,
            KeySpec = DataKeySpec.AES_256,
            EncryptionContext = Context(tenant),
        };
        var answer = await AwsFaults.CallAsync(
            "KMS",
            token => _kms.GenerateDataKeyWithoutPlaintextAsync(request, token),
            cancellationToken
        );
        return answer.CiphertextBlob.ToArray();
    }

    /// <inheritdoc/>
    /// <exception cref="StoreUnavailableException">KMS refused or did not answer.</exception>
    /// <exception cref="CryptographicException">The wrapped key is not this tenant's.</exception>
    public async ValueTask<ReadOnlyMemory<byte>> ProtectAsync(
        TenantDataKey key,
        ReadOnlyMemory<byte> plaintext,
        string associatedData,
        CancellationToken cancellationToken
    )
    {
        while (true)
        {
            var plain = await _keys.FindAsync(key, cancellationToken);
            if (plain.TrySeal(plaintext.Span, associatedData, out var box))
            {
                return box;
            }
        }
    }

    /// <inheritdoc/>
    /// <exception cref="StoreUnavailableException">KMS refused or did not answer.</exception>
    public async ValueTask<ReadOnlyMemory<byte>> UnprotectAsync(
        TenantDataKey key,
        ReadOnlyMemory<byte> ciphertext,
        string associatedData,
        CancellationToken cancellationToken
    )
    {
        while (true)
        {
            var plain = await _keys.FindAsync(key, cancellationToken);
            if (plain.TryOpen(ciphertext.Span, associatedData, out var plaintext))
            {
                return plaintext;
            }
        }
    }

    /// <summary>Erases the unwrapped keys from memory.</summary>
    public void Dispose() => _keys.Dispose();

    private async Task<PlainDataKey> UnwrapAsync(TenantDataKey key)
    {
        var request = new DecryptRequest
        {
            // Named, so that nothing wrapped under somebody else's KMS key passes for ours.
            KeyId = _options.KeyId,
            CiphertextBlob = new MemoryStream(key.Wrapped.ToArray(), writable: false),
            EncryptionContext = Context(key.TenantId),
        };
        DecryptResponse answer;
        try
        {
            answer = await AwsFaults.CallAsync(
                "KMS",
                token => _kms.DecryptAsync(request, token),
                CancellationToken.None
            );
        }
        catch (StoreUnavailableException exception)
            when (exception.InnerException is InvalidCiphertextException or IncorrectKeyException)
        {
            throw new CryptographicException(
                "KMS says that this is no data key of this tenant.",
                exception.InnerException
            );
        }

        // The SDK's copy goes too; what its parser leaves in buffers is out of reach.
        var bytes = answer.Plaintext.ToArray();
        answer.Plaintext.Position = 0;
        answer.Plaintext.Write(new byte[bytes.Length]);
        return bytes.Length == SealedBox.KeyBytes
            ? new PlainDataKey(bytes)
            : throw new CryptographicException("KMS unwrapped something that is no data key.");
    }

    private static Dictionary<string, string> Context(TenantId tenant) =>
        new(StringComparer.Ordinal) { [TenantContext] = tenant.Value };
}
