using System.Collections.Concurrent;
using System.Net;

namespace WebhookDelivery.Benchmarks;

/// <summary>
/// The connections of a paced arm, and what came over them. <see cref="Send"/> is for one thread.
/// </summary>
internal sealed class PacedConnections : IDisposable
{
    private readonly ConcurrentStack<PacedConnection> _idle = new();
    private readonly List<PacedConnection> _all = [];
    private readonly TaskCompletionSource _answered = new(
        TaskCreationOptions.RunContinuationsAsynchronously
    );
    private readonly PacedSample[] _samples;
    private readonly IPEndPoint _target;
    private readonly byte[] _request;
    private int _left;

    public PacedConnections(IPEndPoint target, byte[] request, int count, int connectionsAtFirst)
    {
        _target = target;
        _request = request;
        _samples = new PacedSample[count];
        _left = count;
        for (var i = 0; i < connectionsAtFirst; i++)
        {
            _idle.Push(Connect());
        }
    }

    /// <summary>Completes when every request is answered, or fails with the first that is not.</summary>
    public Task Answered => _answered.Task;

    /// <summary>Whole once <see cref="Answered"/> has completed.</summary>
    public IReadOnlyList<PacedSample> Samples => _samples;

    /// <summary>Sends a request and does not wait for its answer.</summary>
    public void Send(int number, long due)
    {
        if (!_idle.TryPop(out var connection))
        {
            connection = Connect();
        }

        _ = ExchangeAsync(connection, number, due);
    }

    public void Dispose()
    {
        foreach (var connection in _all)
        {
            connection.Dispose();
        }
    }

    private PacedConnection Connect()
    {
        var connection = new PacedConnection(_target);
        _all.Add(connection);
        return connection;
    }

    private async Task ExchangeAsync(PacedConnection connection, int number, long due)
    {
        try
        {
            _samples[number] = await connection.ExchangeAsync(_request, due);
            _idle.Push(connection);
            if (Interlocked.Decrement(ref _left) == 0)
            {
                _answered.TrySetResult();
            }
        }
        catch (Exception exception)
        {
            // Nobody awaits an exchange: the arm ends with whatever broke one.
            _answered.TrySetException(exception);
        }
    }
}
