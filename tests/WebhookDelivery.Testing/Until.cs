using System.Diagnostics;

namespace WebhookDelivery.Testing;

/// <summary>Waits for what another process does: looks, again and again, until a deadline.</summary>
public static class Until
{
    private static readonly TimeSpan s_interval = TimeSpan.FromMilliseconds(20);

    /// <summary>Returns as soon as the condition holds.</summary>
    /// <param name="condition">What to wait for.</param>
    /// <param name="patience">How long at most.</param>
    /// <param name="describe">What to say if it does not come to hold.</param>
    /// <exception cref="TimeoutException">It does not hold in time.</exception>
    public static async Task HoldsAsync(
        Func<ValueTask<bool>> condition,
        TimeSpan patience,
        Func<string> describe
    )
    {
        var start = Stopwatch.GetTimestamp();
        while (!await condition())
        {
            if (Stopwatch.GetElapsedTime(start) > patience)
            {
                throw new TimeoutException($"Not within {patience.TotalSeconds} s: {describe()}");
            }

            await Task.Delay(s_interval);
        }
    }
}
