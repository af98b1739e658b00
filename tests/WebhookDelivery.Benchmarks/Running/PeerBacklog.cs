namespace WebhookDelivery.Benchmarks;

/// <summary>A queue of the peer, filled and at rest: the directory of a Redis that has stopped.</summary>
/// <param name="Data">The directory.</param>
/// <param name="Jobs">How many wait in it.</param>
internal sealed record PeerBacklog(DataFolder Data, int Jobs) : IDisposable
{
    public static async Task<PeerBacklog> FillAsync(
        RunSettings settings,
        int jobs,
        CancellationToken cancellationToken
    )
    {
        var payload = Path.Combine(settings.Scratch, "peer-payload.json");
        await File.WriteAllBytesAsync(payload, Payload.Bytes, cancellationToken);
        var backlog = new PeerBacklog(DataFolder.Create(settings), jobs);
        try
        {
            await using var redis = await RedisProcess.StartAsync(
                settings,
                backlog.Data,
                [],
                cancellationToken
            );
            await using var filling = ArmProcess.StartNode(
                settings,
                "fill.mjs",
                $"{redis.Port}",
                $"{jobs}",
                payload,
                Payload.Type
            );
            var filled = await filling.ReadAsync<PeerFill>(cancellationToken);
            return filled.Waiting == jobs
                ? backlog
                : throw new BrokenRunException($"Of {jobs} jobs {filled.Waiting} are queued.");
        }
        catch
        {
            backlog.Dispose();
            throw;
        }
        finally
        {
            File.Delete(payload);
        }
    }

    public void Dispose() => Data.Dispose();
}
