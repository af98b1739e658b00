namespace WebhookDelivery.Simulation.Tests;

/// <summary>
/// Runs everything on the calling thread, one continuation at a time: of those that are ready, one
/// that the seed chooses. Time stands still while anything is ready, but for a few milliseconds now
/// and then, as a busy machine loses them; when nothing is, it moves to the next timer.
/// </summary>
internal sealed class SeededScheduler(Random random, Trace trace)
{
    /// <summary>One step in this many finds the machine slow.</summary>
    private const int SlowStepIn = 48;

    private readonly int _thread = Environment.CurrentManagedThreadId;
    private readonly List<Ready> _ready = [];
    private readonly PriorityQueue<(SimulatedTimer Timer, int Version), (long, int)> _timers =
        new();
    private string? _escaped;

    /// <summary>Time since the beginning, on a clock that nobody sets.</summary>
    public TimeSpan Elapsed { get; private set; }

    /// <summary>Steps made.</summary>
    public long Steps { get; private set; }

    /// <summary>What came from a thread of its own; null if nothing did.</summary>
    public string? Escaped => Volatile.Read(ref _escaped);

    /// <summary>What a continuation threw; null if none did.</summary>
    public Exception? Thrown { get; private set; }

    /// <summary>Makes a continuation ready; a dead process's is dropped.</summary>
    public void Post(SimulatedProcess process, SendOrPostCallback callback, object? state)
    {
        // What died says nothing more, not even where its timers are finalized.
        if (!process.IsAlive)
        {
            return;
        }

        if (Environment.CurrentManagedThreadId != _thread)
        {
            // Chance decides when it comes, so no seed can repeat it.
            Interlocked.CompareExchange(
                ref _escaped,
                $"{callback.Method.DeclaringType} {callback.Target} {state}",
                null
            );
            return;
        }

        _ready.Add(new Ready(process, callback, state));
    }

    /// <summary>Starts a timer; of those due at once the seed chooses the first.</summary>
    public void Start(SimulatedTimer timer, TimeSpan due) =>
        _timers.Enqueue((timer, timer.Version), (due.Ticks, random.Next()));

    /// <summary>Makes one step; false if nothing will ever happen again, or not before the end.</summary>
    public bool Step(TimeSpan end)
    {
        Steps++;
        if (_ready.Count == 0)
        {
            return FireNext(end);
        }

        if (random.Next(SlowStepIn) == 0)
        {
            LoseTime(TimeSpan.FromMicroseconds(random.Next(3000)));
        }

        RunOne();
        return true;
    }

    private void RunOne()
    {
        if (_ready.Count == 0)
        {
            return;
        }

        var chosen = random.Next(_ready.Count);
        var (process, callback, state) = _ready[chosen];
        _ready[chosen] = _ready[^1];
        _ready.RemoveAt(_ready.Count - 1);
        if (process.IsAlive)
        {
            trace.Add((ulong)chosen);
            Run(process, callback, state);
        }
    }

    private void LoseTime(TimeSpan lost)
    {
        var end = Elapsed + lost;
        while (FireNext(end)) { }

        Elapsed = end;
    }

    private bool FireNext(TimeSpan end)
    {
        while (_timers.TryPeek(out var next, out var at) && at.Item1 <= end.Ticks)
        {
            _timers.Dequeue();
            if (next.Version != next.Timer.Version || !next.Timer.Process.IsAlive)
            {
                continue;
            }

            Elapsed = at.Item1 > Elapsed.Ticks ? TimeSpan.FromTicks(at.Item1) : Elapsed;
            trace.Add((ulong)at.Item1);
            next.Timer.BeforeFiring();
            Run(next.Timer.Process, static timer => ((SimulatedTimer)timer!).Fire(), next.Timer);
            return true;
        }

        if (_ready.Count == 0 && Elapsed < end)
        {
            Elapsed = end;
        }

        return false;
    }

    private void Run(SimulatedProcess process, SendOrPostCallback callback, object? state)
    {
        var before = SynchronizationContext.Current;
        SynchronizationContext.SetSynchronizationContext(process);
        try
        {
            callback(state);
        }
        catch (Exception exception)
        {
            // What no task holds would have ended the process.
            Thrown ??= exception;
        }
        finally
        {
            SynchronizationContext.SetSynchronizationContext(before);
        }
    }

    private readonly record struct Ready(
        SimulatedProcess Process,
        SendOrPostCallback Callback,
        object? State
    );
}
