namespace WebhookDelivery.Core;

/// <summary>
/// Bounds the bytes of payloads that attempts under way have read from the store, so that many large
/// ones to slow receivers do not use up the memory. What a queue carries along does not count: queues
/// bound that. Thread-safe.
/// </summary>
/// <remarks>
/// How long a payload is shows only when it is read, so that each is let in as if it were as long as
/// any can be, and gives back the rest once it is read: none is passed over for being large, and what
/// is read at once stays within the budget. As with places, a tenant takes more only while it has less
/// than is free, less a sixteenth that is kept for those who have none; a payload that exceeds the
/// whole budget goes alone.
/// </remarks>
public sealed class PayloadBudget(DeliveryOptions options, TimeProvider time)
{
    private readonly long _reservedBytes = Math.Min(
        DeliveryOptions.PayloadBytesCeiling,
        options.InFlightPayloadBytesMax
    );

    private readonly long _keptBytes = options.InFlightPayloadBytesMax / 16;
    private readonly Lock _lock = new();
    private readonly Dictionary<TenantId, TenantPayloads> _tenants = [];
    private readonly HeldBackOrder<TenantPayloads> _heldBack = new();
    private long _bytes;

    /// <summary>Bytes taken: read, or reserved by reads that are under way.</summary>
    public long Bytes
    {
        get
        {
            lock (_lock)
            {
                return _bytes;
            }
        }
    }

    private long Free => options.InFlightPayloadBytesMax - _bytes;

    /// <summary>Takes what a payload may need, and waits for it if that is not free.</summary>
    /// <param name="tenant">Whose payload.</param>
    /// <param name="until">When to wait no longer; null for never.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>To be disposed when the exchange is over; null if it was not free in time.</returns>
    internal async ValueTask<PayloadShare?> ReserveAsync(
        TenantId tenant,
        DateTimeOffset? until,
        CancellationToken cancellationToken
    )
    {
        var (payloads, waiter) = Enter(tenant);
        if (waiter is not null && !await WaitAsync(payloads, waiter, until, cancellationToken))
        {
            return null;
        }

        return new PayloadShare(this, payloads, _reservedBytes);
    }

    /// <summary>Counts bytes more or, below 0, fewer.</summary>
    internal void Change(TenantPayloads tenant, long by)
    {
        lock (_lock)
        {
            Count(tenant, by);
            if (tenant.IsHeldBack)
            {
                HoldBack(tenant);
            }

            Admit();
            ForgetIfIdle(tenant);
        }
    }

    private (TenantPayloads Tenant, LinkedListNode<TaskCompletionSource>? Waiter) Enter(TenantId id)
    {
        lock (_lock)
        {
            if (!_tenants.TryGetValue(id, out var tenant))
            {
                _tenants.Add(id, tenant = new TenantPayloads(id));
            }

            if (tenant.Waiting.Count == 0 && IsEnough(tenant))
            {
                Count(tenant, _reservedBytes);
                return (tenant, null);
            }

            var waiter = tenant.Waiting.AddLast(
                new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously)
            );
            if (!tenant.IsHeldBack)
            {
                HoldBack(tenant);
            }

            return (tenant, waiter);
        }
    }

    private async ValueTask<bool> WaitAsync(
        TenantPayloads tenant,
        LinkedListNode<TaskCompletionSource> waiter,
        DateTimeOffset? until,
        CancellationToken cancellationToken
    )
    {
        var let = waiter.Value.Task;
        try
        {
            var wait = until - time.GetUtcNow() ?? Timeout.InfiniteTimeSpan;
            if (until is not null && wait < TimeSpan.Zero)
            {
                wait = TimeSpan.Zero;
            }

            await let.WaitAsync(wait, time, cancellationToken);
            return true;
        }
        catch (TimeoutException)
        {
            return !Leave(tenant, waiter);
        }
        catch (OperationCanceledException)
        {
            if (!Leave(tenant, waiter))
            {
                Change(tenant, -_reservedBytes);
            }

            throw;
        }
    }

    /// <summary>Ends a wait; false if it has been let in meanwhile.</summary>
    private bool Leave(TenantPayloads tenant, LinkedListNode<TaskCompletionSource> waiter)
    {
        lock (_lock)
        {
            if (waiter.List is null)
            {
                return false;
            }

            tenant.Waiting.Remove(waiter);
            if (tenant.Waiting.Count == 0)
            {
                _heldBack.Remove(tenant);
                ForgetIfIdle(tenant);
            }

            return true;
        }
    }

    private bool IsEnough(TenantPayloads tenant) =>
        _bytes == 0
        || (Free >= _reservedBytes && (tenant.Bytes == 0 || tenant.Bytes < Free - _keptBytes));

    private void Admit()
    {
        while (_heldBack.TryPeek(out var tenant) && IsEnough(tenant))
        {
            var waiter = tenant.Waiting.First!;
            tenant.Waiting.RemoveFirst();
            Count(tenant, _reservedBytes);
            HoldBack(tenant);
            waiter.Value.SetResult();
        }
    }

    private void HoldBack(TenantPayloads tenant)
    {
        if (tenant.IsHeldBack)
        {
            _heldBack.Remove(tenant);
        }

        if (tenant.Waiting.Count > 0)
        {
            _heldBack.Add(tenant, tenant.Bytes);
        }
    }

    private void Count(TenantPayloads tenant, long by)
    {
        tenant.Bytes += by;
        _bytes += by;
    }

    private void ForgetIfIdle(TenantPayloads tenant)
    {
        if (tenant is { Bytes: 0, Waiting.Count: 0 })
        {
            _tenants.Remove(tenant.Id);
        }
    }
}
