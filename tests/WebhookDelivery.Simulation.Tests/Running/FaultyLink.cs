using WebhookDelivery.Core;

namespace WebhookDelivery.Simulation.Tests;

/// <summary>A process's link to what is committed, on which calls take time, fail, and lose answers.</summary>
internal sealed class FaultyLink(
    SimulatedProcess process,
    TimeProvider clock,
    Faults faults,
    Trace trace
) : IStoreLink
{
    public ValueTask<T> CallAsync<T>(string call, TenantId? tenant, Func<T> effect)
    {
        trace.Add(call, (ulong)process.Number);
        var fate = faults.Next(tenant);
        return fate.IsSmooth ? new(effect()) : SufferAsync(fate, call, effect);
    }

    private async ValueTask<T> SufferAsync<T>(Fate fate, string call, Func<T> effect)
    {
        await PassAsync(fate.Before);
        if (fate.IsRefused)
        {
            trace.Add("refused");
            trace.Say($"  p{process.Number} {call} is refused");
            throw new StoreUnavailableException(
                "Refused by the seed.",
                isOneTenants: fate.IsOneTenants
            );
        }

        var result = effect();
        await PassAsync(fate.After);
        if (fate.IsAnswerLost)
        {
            trace.Add("lost");
            trace.Say($"  p{process.Number} {call} took effect, and its answer is lost");
            throw new StoreUnavailableException("The answer is lost.");
        }

        return result;
    }

    private async ValueTask PassAsync(TimeSpan? time)
    {
        if (time is not { } wait)
        {
            return;
        }

        if (wait == TimeSpan.Zero)
        {
            await Task.Yield();
        }
        else
        {
            await Task.Delay(wait, clock);
        }
    }
}
