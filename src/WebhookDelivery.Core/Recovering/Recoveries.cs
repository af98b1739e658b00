using System.Buffers.Binary;

namespace WebhookDelivery.Core;

/// <summary>What there is to know of recoveries beside what is kept of them.</summary>
internal static class Recoveries
{
    /// <summary>
    /// Adds a recovery, and lets the oldest finished ones of its endpoint go where there are too many.
    /// False if it is there already.
    /// </summary>
    public static async ValueTask<bool> AddAsync(
        IRecoveryStore store,
        Recovery recovery,
        int keptMax,
        CancellationToken cancellationToken
    )
    {
        if (!await store.AddAsync(recovery, cancellationToken))
        {
            return false;
        }

        var kept = await store.ListAsync(recovery.Endpoint, null, keptMax + 1, cancellationToken);
        if (
            kept.Count > keptMax
            && kept.LastOrDefault(each => each.FinishedAt is not null) is { } oldest
        )
        {
            await store.DeleteAsync(oldest.Endpoint, oldest.Id, cancellationToken);
        }

        return true;
    }

    /// <summary>
    /// The id of the recovery that resumes what was parked before this version of the endpoint, the same
    /// for whoever comes first: a UUIDv7 of the version's time, with the endpoint's chance in it.
    /// </summary>
    public static RecoveryId ResumeId(Endpoint endpoint)
    {
        Span<byte> bytes = stackalloc byte[16];
        endpoint.Key.EndpointId.WriteBytes(bytes);
        Span<byte> time = stackalloc byte[8];
        BinaryPrimitives.WriteInt64BigEndian(time, endpoint.UpdatedAt.ToUnixTimeMilliseconds());
        time[2..].CopyTo(bytes);
        var last = BinaryPrimitives.ReadInt32BigEndian(bytes[12..]);
        BinaryPrimitives.WriteInt32BigEndian(bytes[12..], last ^ endpoint.Version);
        return RecoveryId.FromBytes(bytes);
    }
}
