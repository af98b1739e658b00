using WebhookDelivery.Core;

namespace WebhookDelivery.Simulation.Tests;

/// <summary>Hides nothing: what is hidden, and how, decides nothing that a simulation looks for.</summary>
internal sealed class PlainSecretProtector : ISecretProtector
{
    public ValueTask<ReadOnlyMemory<byte>> CreateDataKeyAsync(
        TenantId tenant,
        CancellationToken cancellationToken
    ) => new(new byte[] { 1 });

    public ValueTask<ReadOnlyMemory<byte>> ProtectAsync(
        TenantDataKey key,
        ReadOnlyMemory<byte> plaintext,
        string associatedData,
        CancellationToken cancellationToken
    ) => new(plaintext);

    public ValueTask<ReadOnlyMemory<byte>> UnprotectAsync(
        TenantDataKey key,
        ReadOnlyMemory<byte> ciphertext,
        string associatedData,
        CancellationToken cancellationToken
    ) => new(ciphertext);
}
