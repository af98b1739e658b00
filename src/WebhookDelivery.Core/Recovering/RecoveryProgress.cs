namespace WebhookDelivery.Core;

/// <summary>
/// How far a recovery has come, as one slice knows it, and how that is written down. Not thread-safe.
/// </summary>
internal sealed class RecoveryProgress(RecoveryServices services, Recovery recovery)
{
    /// <summary>With what has changed since it was last written down.</summary>
    public Recovery Current { get; set; } = recovery;

    /// <summary>When the recovery goes on; null if it is over, or somebody else has it.</summary>
    public DateTimeOffset? NextAt { get; private set; }

    private DateTimeOffset Now => services.Time.GetUtcNow();

    /// <summary>
    /// Writes down what is under way, and keeps others away from it for a while. False if somebody else
    /// has the recovery.
    /// </summary>
    public ValueTask<bool> LeaseAsync(CancellationToken cancellationToken) =>
        SaveAsync(Current with { NextAt = Now + services.Options.Lease }, cancellationToken);

    /// <summary>Lets the recovery rest until then; ends it if somebody has asked for that.</summary>
    public async ValueTask PauseAsync(
        DateTimeOffset until,
        IReadOnlyList<RecoveryProbe> probes,
        CancellationToken cancellationToken
    )
    {
        var next = Current with { NextAt = until, Probes = probes };
        if (!await SaveAsync(next, cancellationToken))
        {
            return;
        }

        if (Current.IsStopping)
        {
            await EndAsync(RecoveryStatus.Cancelled, cancellationToken);
        }
        else
        {
            NextAt = until;
        }
    }

    /// <summary>Ends the recovery.</summary>
    public async ValueTask EndAsync(RecoveryStatus status, CancellationToken cancellationToken)
    {
        var end = Current with { Status = status, Plan = [], Probes = [], FinishedAt = Now };
        if (await SaveAsync(end, cancellationToken))
        {
            RecoveryLog.Ended(
                services.Logger,
                status.ToCode(),
                Current.Id.ToString(),
                Current.Kind.ToCode(),
                Current.Endpoint.TenantId.Value,
                Current.Endpoint.EndpointId.ToString(),
                Current.Counts.Matched,
                Current.Counts.Moved,
                Current.Counts.Skipped,
                Current.Counts.Failed
            );
        }
    }

    /// <summary>
    /// Saves it on top of what this slice saved last. Somebody who asks to stop it while a plan is under
    /// way only says so: what was moved meanwhile must still be counted.
    /// </summary>
    private async ValueTask<bool> SaveAsync(Recovery next, CancellationToken cancellationToken)
    {
        next = next with { Version = Current.Version + 1, UpdatedAt = Now };
        if (!await services.Recoveries.SaveAsync(next, cancellationToken))
        {
            var stored = await services.Recoveries.FindAsync(
                next.Endpoint,
                next.Id,
                cancellationToken
            );
            var asked = stored is { IsStopping: true, FinishedAt: null } && !next.IsStopping;
            if (!asked || stored!.Version != next.Version)
            {
                return false;
            }

            next = next with { Version = next.Version + 1, IsStopping = true };
            if (!await services.Recoveries.SaveAsync(next, cancellationToken))
            {
                return false;
            }
        }

        Current = next;
        return true;
    }
}
