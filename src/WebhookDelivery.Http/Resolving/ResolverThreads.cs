namespace WebhookDelivery.Http;

/// <summary>
/// The resolver's threads, apart from the shared pool. They start when work waits and none is idle,
/// and end when idle for long. Members are called under the gate.
/// </summary>
/// <param name="gate">Guards everything of the resolver.</param>
/// <param name="limits">How many threads, and how long they idle.</param>
/// <param name="take">Takes the next lookup; called under the gate.</param>
/// <param name="run">Runs it, blocking; called without the gate. Must not throw.</param>
internal sealed class ResolverThreads(
    object gate,
    ResolverLimits limits,
    Func<Lookup?> take,
    Action<Lookup> run
)
{
    private int _idle;
    private bool _ended;

    /// <summary>How many threads there are.</summary>
    public int Count { get; private set; }

    /// <summary>
    /// Sees to it that a thread looks for work. It may be one that was woken before and has not run
    /// yet, so whoever takes work calls this again if more waits.
    /// </summary>
    public void Wake()
    {
        if (_idle > 0)
        {
            Monitor.Pulse(gate);
        }
        else if (Count < limits.AllThreadsMax && !_ended)
        {
            new Thread(Loop) { IsBackground = true, Name = "WebhookDelivery resolver" }.Start();
            Count++;
        }
    }

    /// <summary>Lets every thread end once it is free.</summary>
    public void End()
    {
        _ended = true;
        Monitor.PulseAll(gate);
    }

    private void Loop()
    {
        while (Next() is { } lookup)
        {
            run(lookup);
        }
    }

    /// <summary>Waits for work. Null means that the thread has to end.</summary>
    private Lookup? Next()
    {
        lock (gate)
        {
            var stay = true;
            while (!_ended)
            {
                if (take() is { } lookup)
                {
                    return lookup;
                }

                if (!stay)
                {
                    break;
                }

                _idle++;
                stay = Monitor.Wait(gate, limits.ThreadIdleTime);
                _idle--;
            }

            Count--;
            return null;
        }
    }
}
