using System.Runtime.CompilerServices;
using Microsoft.Extensions.Logging;

namespace WebhookDelivery.Core;

/// <summary>
/// Carries store calls of the worker through an outage: tries again until it succeeds, and holds the
/// dispatcher meanwhile, since an attempt whose outcome cannot be stored would be made again. Where the
/// store refuses one tenant only, only that one is held. What is damaged is not waited for.
/// </summary>
public sealed class StorePersistence(
    Dispatcher dispatcher,
    TimeProvider time,
    ILogger<StorePersistence> logger
)
{
    /// <summary>Shortest pause between two tries, whatever the store asks for.</summary>
    private static readonly TimeSpan PauseMin = TimeSpan.FromMilliseconds(100);

    /// <summary>Longest pause between two tries.</summary>
    private static readonly TimeSpan PauseMax = TimeSpan.FromSeconds(5);

    private int _waiting;

    /// <summary>Called when the dispatcher may hand out again after an outage; the worker's.</summary>
    internal Action? Recovered { get; set; }

    /// <summary>Makes the call until it succeeds.</summary>
    /// <param name="tenant">Whose data the call is about.</param>
    /// <param name="state">What the call works on, so that it need not capture.</param>
    /// <param name="call">The call.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public ValueTask<TResult> InsistAsync<TState, TResult>(
        TenantId tenant,
        TState state,
        Func<TState, CancellationToken, ValueTask<TResult>> call,
        CancellationToken cancellationToken
    )
    {
        ValueTask<TResult> first;
        try
        {
            first = call(state, cancellationToken);
        }
        catch (StoreUnavailableException exception) when (!exception.IsDamage)
        {
            return RetryAsync(exception, tenant, state, call, cancellationToken);
        }

        return first.IsCompletedSuccessfully
            ? first
            : AwaitAsync(first, tenant, state, call, cancellationToken);
    }

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    private async ValueTask<TResult> AwaitAsync<TState, TResult>(
        ValueTask<TResult> first,
        TenantId tenant,
        TState state,
        Func<TState, CancellationToken, ValueTask<TResult>> call,
        CancellationToken cancellationToken
    )
    {
        try
        {
            return await first;
        }
        catch (StoreUnavailableException exception) when (!exception.IsDamage)
        {
            return await RetryAsync(exception, tenant, state, call, cancellationToken);
        }
    }

    private async ValueTask<TResult> RetryAsync<TState, TResult>(
        StoreUnavailableException exception,
        TenantId tenant,
        TState state,
        Func<TState, CancellationToken, ValueTask<TResult>> call,
        CancellationToken cancellationToken
    )
    {
        TenantId? held = exception.IsOneTenants ? tenant : null;
        dispatcher.Hold(held);
        if (Interlocked.Increment(ref _waiting) == 1)
        {
            // Once an outage, not once a call: a thousand calls may wait for the same disk.
            DeliveryLog.StoreUnavailable(logger, exception.Message);
        }

        try
        {
            while (true)
            {
                var pause = Math.Clamp(exception.RetryAfter.Ticks, PauseMin.Ticks, PauseMax.Ticks);
                await Task.Delay(TimeSpan.FromTicks(pause), time, cancellationToken);
                try
                {
                    return await call(state, cancellationToken);
                }
                catch (StoreUnavailableException again) when (!again.IsDamage)
                {
                    exception = again;
                    TenantId? wanted = again.IsOneTenants ? tenant : null;
                    if (wanted != held)
                    {
                        dispatcher.Hold(wanted);
                        dispatcher.Resume(held);
                        held = wanted;
                    }
                }
            }
        }
        finally
        {
            dispatcher.Resume(held);
            if (Interlocked.Decrement(ref _waiting) == 0)
            {
                DeliveryLog.StoreWaitOver(logger);
            }

            Recovered?.Invoke();
        }
    }
}
