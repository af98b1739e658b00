namespace WebhookDelivery.Simulation.Tests;

/// <summary>What befalls the machines: kills, stops, outages, clocks that are set.</summary>
internal sealed class Operator
{
    private readonly World _world;
    private readonly SimulatedProcess _process;
    private readonly SimulatedClock _clock;
    private int _unfinished;
    private bool _started;

    public Operator(World world)
    {
        _world = world;
        _process = world.NewBystander();
        _clock = new SimulatedClock(world.Scheduler, _process, world.Wall, TimeSpan.Zero);
    }

    public bool IsDone => _started && _unfinished == 0;

    /// <summary>How long people go on for, about.</summary>
    private TimeSpan Span => _world.Scenario.PauseMax * _world.Scenario.ActionsPerClient / 2;

    public void Start()
    {
        _started = true;
        var scenario = _world.Scenario;
        for (var i = 0; i < scenario.Outages; i++)
        {
            var from = _world.Scheduler.Elapsed + Some(Span);
            var tenant = _world.Random.Next(2) == 0 ? World.HealthyTenant : (Core.TenantId?)null;
            _world.Faults.Add(new Outage(from, from + Some(TimeSpan.FromSeconds(40)), tenant));
        }

        Repeat(scenario.Kills, KillAsync);
        Repeat(scenario.Stops, StopAsync);
        Repeat(
            scenario.ClockJumps,
            () =>
            {
                var by = Some(TimeSpan.FromMinutes(10)) - TimeSpan.FromMinutes(5);
                _world.Trace.Say($"{_world.Scheduler.Elapsed} the clocks are set by {by}");
                _world.Wall.Set(by);
                return Task.CompletedTask;
            }
        );
    }

    /// <summary>Starts every process that has ended.</summary>
    public void ReviveAll()
    {
        for (var place = 0; place < _world.Hosts.Count; place++)
        {
            Revive(place);
        }
    }

    private void Repeat(int times, Func<Task> act)
    {
        for (var i = 0; i < times; i++)
        {
            _unfinished++;
            _process.Start(async () =>
            {
                await Task.Delay(Some(Span), _clock);
                await act();
                _unfinished--;
            });
        }
    }

    private async Task KillAsync()
    {
        // Between any two steps, not only where something waits for a time.
        for (var steps = _world.Random.Next(40); steps > 0; steps--)
        {
            await Task.Yield();
        }

        var place = _world.Random.Next(_world.Hosts.Count);
        _world.Trace.Say(
            $"{_world.Scheduler.Elapsed} process {_world.Hosts[place].Process.Number} is killed"
        );
        _world.Hosts[place].Kill();
        await ReviveLaterAsync(place);
    }

    private async Task StopAsync()
    {
        var place = _world.Random.Next(_world.Hosts.Count);
        var host = _world.Hosts[place];
        _world.Trace.Say($"{_world.Scheduler.Elapsed} process {host.Process.Number} is stopped");
        try
        {
            await host.StopAsync(_clock);
        }
        catch (ProcessDiedException)
        {
            // Killed meanwhile.
        }

        await ReviveLaterAsync(place);
    }

    private async Task ReviveLaterAsync(int place)
    {
        await Task.Delay(Some(TimeSpan.FromSeconds(15)), _clock);
        Revive(place);
    }

    private void Revive(int place)
    {
        if (_world.Hosts[place].HasEnded)
        {
            _world.Hosts[place] = _world.NewHost();
            _world.Hosts[place].Start();
        }
    }

    private TimeSpan Some(TimeSpan most) => most * _world.Random.NextDouble();
}
