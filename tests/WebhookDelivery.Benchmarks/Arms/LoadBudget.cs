namespace WebhookDelivery.Benchmarks;

/// <summary>How many requests all connections together may still begin. Thread-safe.</summary>
internal sealed class LoadBudget(long requests)
{
    private long _left = requests;

    public bool TryTake() => Interlocked.Decrement(ref _left) >= 0;

    /// <summary>Lets no further request begin.</summary>
    public void Stop() => Interlocked.Exchange(ref _left, 0);
}
