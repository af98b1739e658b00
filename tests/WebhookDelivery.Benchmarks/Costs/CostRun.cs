using System.Collections.Concurrent;
using System.Text;
using WebhookDelivery.Core;
using WebhookDelivery.Testing;
using EventId = WebhookDelivery.Core.EventId;

namespace WebhookDelivery.Benchmarks;

/// <summary>Posts the events of a workload to a host and counts what it asks of AWS.</summary>
internal sealed class CostRun
{
    private static readonly TimeSpan s_patience = TimeSpan.FromMinutes(1);

    private readonly CostWorkload _workload;
    private readonly MeteredHost _host;
    private readonly MeteredTenant _tenant;
    private readonly byte[] _payload;
    private readonly ConcurrentBag<EventId> _accepted = [];
    private int _attempts;
    private volatile int _refusals;

    private CostRun(
        CostWorkload workload,
        MeteredHost host,
        MeteredTenant tenant,
        TenantEndpointStub receiver
    )
    {
        _workload = workload;
        _host = host;
        _tenant = tenant;
        receiver.Answer = Answer;
        const string start = """{"type":"invoice.paid","note":"x""";
        const string end = "\"}";
        _payload = Encoding.UTF8.GetBytes(
            start.PadRight(workload.PayloadBytes - end.Length, 'x') + end
        );
    }

    private int AttemptsPerEvent => _workload.Failures + 1;

    /// <summary>Measures a workload on emulators, with tables and queues of its own.</summary>
    /// <exception cref="BrokenRunException">The ledger does not balance, or not all can be counted.</exception>
    public static async Task<CostRow> MeasureAsync(CostWorkload workload)
    {
        await using var receiver = await TenantEndpointStub.StartAsync();
        await using var host = await MeteredHost.StartAsync(workload.Host);
        using var tenant = await MeteredTenant.CreateAsync(host, receiver.Url);
        var run = new CostRun(workload, host, tenant, receiver);
        if (workload.Host == CostHost.Server)
        {
            host.Deliver();
            await run.WarmUpAsync();
        }

        host.Meter.Clear();
        var began = TimeProvider.System.GetTimestamp();
        await run.PostAllAsync();
        if (workload.Host == CostHost.Functions)
        {
            // What has gathered fills the event source's batches, as it does under load.
            host.Deliver();
        }

        await run.WaitAsync(workload.Events * run.AttemptsPerEvent);
        var calls = host.Meter.Calls;
        await run.BalanceAsync();
        return new CostRow(workload, [.. calls.Where(call => call.IsOfEvent)])
        {
            StatisticsCalls = calls.Count(call => call.IsOfStatistics),
            Elapsed = TimeProvider.System.GetElapsedTime(began),
        };
    }

    /// <summary>
    /// Has the code compiled: while that goes on, a server is too slow for anything to gather.
    /// </summary>
    private async Task WarmUpAsync()
    {
        await PostAsync(CostWorkload.Busy, CostWorkload.Busy);
        await WaitAsync(CostWorkload.Busy);
        _accepted.Clear();
        _attempts = 0;
    }

    private async Task PostAllAsync()
    {
        _refusals = _workload.Failures;
        if (!_workload.OneByOne)
        {
            await PostAsync(_workload.Events, _workload.Connections);
            return;
        }

        for (var events = 1; events <= _workload.Events; events++)
        {
            await PostAsync(1, 1);
            await WaitAsync(events);
        }
    }

    private Task PostAsync(int events, int connections) =>
        Parallel.ForAsync(
            0,
            events,
            new ParallelOptions { MaxDegreeOfParallelism = connections },
            async (_, _) => _accepted.Add(await _tenant.PostEventAsync(_payload))
        );

    /// <summary>Until so many messages are deleted, which is the last that is done for an attempt.</summary>
    private async Task WaitAsync(int wanted)
    {
        var deleted = 0;
        try
        {
            await Until.HoldsAsync(
                () => new ValueTask<bool>((deleted = Deleted()) >= wanted),
                s_patience,
                () => $"{deleted} of {wanted} messages are deleted."
            );
        }
        catch (TimeoutException exception)
        {
            throw new BrokenRunException(exception.Message);
        }
    }

    private int Deleted() =>
        _host
            .Meter.Calls.Where(call =>
                call.Operation.StartsWith("Delete", StringComparison.Ordinal)
            )
            .Sum(call => call.Messages);

    /// <summary>Every event accepted is delivered, after the attempts that it was to take and no more.</summary>
    private async Task BalanceAsync()
    {
        var delivered = 0;
        foreach (var id in _accepted)
        {
            var stored = await _host
                .Service<IEventStore>()
                .FindAsync(_tenant.Id, id, CancellationToken.None);
            delivered +=
                stored?.Deliveries is [{ Status: DeliveryStatus.Delivered, Attempts: var attempts }]
                && attempts == AttemptsPerEvent
                    ? 1
                    : 0;
        }

        if (delivered != _workload.Events || _attempts != _workload.Events * AttemptsPerEvent)
        {
            throw new BrokenRunException(
                $"{_workload}: of {_workload.Events} events {delivered} are delivered as they should be, by {_attempts} attempts."
            );
        }
    }

    private Task<StubAnswer> Answer(ReceivedRequest request)
    {
        Interlocked.Increment(ref _attempts);
        var attempt = int.Parse(request.Headers["webhook-attempt"]);
        return Task.FromResult(new StubAnswer(attempt > _refusals ? 200 : 500));
    }
}
