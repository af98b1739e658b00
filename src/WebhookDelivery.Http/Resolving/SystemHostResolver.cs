using System.Net;
using System.Net.Sockets;

namespace WebhookDelivery.Http;

/// <summary>
/// Asks the operating system's resolver on threads of its own. Thread-safe.
/// </summary>
/// <remarks>
/// <para>
/// The system's resolver blocks its thread until it gives up, often 10 s and more, and cannot be
/// interrupted. So a waiter may leave at any time while the thread goes on, and hung names are kept
/// from taking the threads of others: a name that answered quickly before has a lane of threads that
/// no other name enters, a zone (see <see cref="Zone"/>) that hangs is moved to a small lane, and no
/// zone holds more than a few threads at once. Questions for the same name are asked once.
/// </para>
/// <para>
/// An answer is kept for 5 s. A name that has been asked for 2 s without an answer counts as not
/// resolving, at once for whoever asks next, until 15 s after the question ended without addresses.
/// </para>
/// <para>
/// Limit: names that were never resolved before cannot be told apart. Hung names in four zones or
/// more can hold every thread for new names until the system gives up; other new names wait, names
/// that are known do not. Tenants whose hosts share a zone share its few threads.
/// </para>
/// </remarks>
public sealed class SystemHostResolver : IHostResolver, IDisposable
{
    private readonly Func<string, IReadOnlyList<IPAddress>> _askSystem;
    private readonly TimeProvider _timeProvider;
    private readonly ResolverMemory _memory;
    private readonly LookupQueue _queue;
    private readonly ResolverThreads _threads;
    private readonly Dictionary<string, Lookup> _underway = new(StringComparer.Ordinal);

    // Monitor.Wait needs an object; every member below it is reached under it only.
    private readonly object _gate = new();
    private bool _disposed;

    /// <summary>Makes a resolver on the system's clock. Threads start with the first question.</summary>
    public SystemHostResolver()
        : this(TimeProvider.System) { }

    /// <summary>Makes a resolver. Threads start with the first question.</summary>
    /// <param name="timeProvider">The clock of what is remembered.</param>
    public SystemHostResolver(TimeProvider timeProvider)
        : this(Dns.GetHostAddresses, timeProvider, new ResolverLimits()) { }

    internal SystemHostResolver(
        Func<string, IReadOnlyList<IPAddress>> askSystem,
        TimeProvider timeProvider,
        ResolverLimits limits
    )
    {
        _askSystem = askSystem;
        _timeProvider = timeProvider;
        _memory = new ResolverMemory(limits, timeProvider);
        _queue = new LookupQueue(limits, _memory);
        _threads = new ResolverThreads(_gate, limits, Take, Run);
    }

    /// <summary>How many threads there are now.</summary>
    internal int ThreadCount
    {
        get
        {
            lock (_gate)
            {
                return _threads.Count;
            }
        }
    }

    /// <inheritdoc/>
    /// <exception cref="ObjectDisposedException">The resolver is disposed.</exception>
    public async ValueTask<IReadOnlyList<IPAddress>> ResolveAsync(
        string host,
        CancellationToken cancellationToken
    )
    {
        cancellationToken.ThrowIfCancellationRequested();
        var name = host.ToLowerInvariant();
        Lookup? lookup;
        lock (_gate)
        {
            ObjectDisposedException.ThrowIf(_disposed, this);
            if (_memory.Recall(name) is { } known)
            {
                return known;
            }

            lookup = Join(name);
        }

        if (lookup is null)
        {
            return [];
        }

        try
        {
            return await lookup.Answer.WaitAsync(cancellationToken);
        }
        finally
        {
            Leave(lookup);
        }
    }

    /// <summary>
    /// Ends the threads, those that are blocked as soon as the system lets them go; does not wait for
    /// them. Questions under way are answered as not resolving.
    /// </summary>
    public void Dispose()
    {
        Lookup[] open;
        lock (_gate)
        {
            _disposed = true;
            open = [.. _underway.Values];
            _underway.Clear();
            _threads.End();
        }

        foreach (var lookup in open)
        {
            lookup.Complete([]);
        }
    }

    /// <summary>The lookup to wait for; null if the name counts as not resolving now.</summary>
    private Lookup? Join(string name)
    {
        if (!_underway.TryGetValue(name, out var lookup))
        {
            lookup = new Lookup(name);
            if (!_queue.TryAdd(lookup))
            {
                return null;
            }

            _underway.Add(name, lookup);
            _threads.Wake();
        }
        else if (_memory.IsSlow(lookup))
        {
            return null;
        }

        lookup.Waiters++;
        return lookup;
    }

    /// <summary>A question that nobody waits for any more is not asked.</summary>
    private void Leave(Lookup lookup)
    {
        lock (_gate)
        {
            lookup.Waiters--;
            if (lookup.Waiters == 0 && _queue.TryRemove(lookup))
            {
                _underway.Remove(lookup.Host);
            }
        }
    }

    private Lookup? Take()
    {
        var lookup = _queue.Take(_timeProvider.GetTimestamp());
        if (lookup is not null && _queue.Count > 0)
        {
            _threads.Wake();
        }

        return lookup;
    }

    private void Run(Lookup lookup)
    {
        IReadOnlyList<IPAddress>? addresses = null;
        Exception? fault = null;
        try
        {
            addresses = _askSystem(lookup.Host);
        }
        // ArgumentException: a name longer than DNS allows; it cannot resolve.
        catch (Exception failure) when (failure is SocketException or ArgumentException)
        {
            addresses = [];
        }
        // The edge of the thread: an exception beyond it would end the process. Whoever asked gets it.
        catch (Exception failure)
        {
            fault = failure;
        }

        lock (_gate)
        {
            _queue.Finish(lookup);
            _memory.Note(lookup, addresses ?? []);
            if (_underway.TryGetValue(lookup.Host, out var current) && current == lookup)
            {
                _underway.Remove(lookup.Host);
            }
        }

        if (fault is null)
        {
            lookup.Complete(addresses!);
        }
        else
        {
            lookup.Fail(fault);
        }
    }
}
