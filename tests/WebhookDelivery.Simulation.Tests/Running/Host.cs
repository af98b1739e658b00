using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using WebhookDelivery.Core;

namespace WebhookDelivery.Simulation.Tests;

/// <summary>A process with Core in it, composed as the hosts compose it, from start to end.</summary>
internal sealed class Host : IDisposable
{
    private readonly World _world;
    private readonly IServiceProvider _services;
    private readonly CancellationTokenSource _stopping = new();
    private readonly List<Action<Exception>> _unanswered = [];
    private Task? _work;

    public Host(World world, int number)
    {
        _world = world;
        Process = new SimulatedProcess(number, world.Scheduler);
        Claims = new ClaimBook(world.Journal);
        Clock = new SimulatedClock(
            world.Scheduler,
            Process,
            world.Wall,
            world.Scenario.SkewMax * ((world.Random.NextDouble() * 2) - 1)
        );
        _services = Compose();
    }

    public SimulatedProcess Process { get; }

    public SimulatedClock Clock { get; }

    public ClaimBook Claims { get; }

    public Journal Journal => _world.Journal;

    public SeededScheduler Scheduler => _world.Scheduler;

    /// <summary>Its exchanges that are under way.</summary>
    public List<Exchange> InFlight { get; } = [];

    /// <summary>Whether it was killed or stopped.</summary>
    public bool HasEnded { get; private set; }

    /// <summary>Whether it was called with claims, as a function is, and has not answered.</summary>
    public bool IsInvoked { get; set; }

    /// <summary>Whether it has no delivery in hand.</summary>
    public bool IsAtRest
    {
        get
        {
            var dispatcher = Get<Dispatcher>();
            return HasEnded
                || (
                    dispatcher.UnderWay == 0
                    && dispatcher.Room == _world.Scenario.Options.Delivery.HeldMax
                    && InFlight.Count == 0
                    && !IsInvoked
                );
        }
    }

    /// <inheritdoc cref="World.IsSpared"/>
    public bool IsSpared(TenantId tenant) => _world.IsSpared(tenant);

    public T Get<T>()
        where T : notnull => _services.GetRequiredService<T>();

    public void Start() =>
        Process.Post(
            static state =>
            {
                var host = (Host)state!;
                host._work = host.RunAsync();
            },
            this
        );

    /// <summary>Stops it as an operator would; it has ended when the task has.</summary>
    public async Task StopAsync(TimeProvider clock)
    {
        // Closed to calls first, as a server drains its requests before its services stop.
        var work = await AskAsync(host =>
        {
            host._stopping.Cancel();
            return Task.FromResult(host._work ?? Task.CompletedTask);
        });
        while (!work.IsCompleted && Process.IsAlive)
        {
            await Task.Delay(TimeSpan.FromMilliseconds(200), clock);
        }

        Kill();
    }

    public void Kill()
    {
        if (!HasEnded)
        {
            CheckWork();
            HasEnded = true;
            Process.Kill();
            _unanswered.ForEach(each => each(new ProcessDiedException()));
        }
    }

    public void Dispose()
    {
        Kill();
        _stopping.Dispose();
    }

    /// <summary>Has something done in this process, as a request to it would.</summary>
    public Task<T> AskAsync<T>(Func<Host, Task<T>> work)
    {
        if (HasEnded)
        {
            throw new ProcessDiedException();
        }

        var answer = new TaskCompletionSource<T>(
            TaskCreationOptions.RunContinuationsAsynchronously
        );
        Action<Exception> fail = exception => answer.TrySetException(exception);
        _unanswered.Add(fail);
        Process.Start(async () =>
        {
            try
            {
                answer.TrySetResult(await work(this));
            }
            catch (Exception exception)
            {
                answer.TrySetException(exception);
            }

            _unanswered.Remove(fail);
        });
        return answer.Task;
    }

    /// <summary>At rest, nothing is counted as under way, and nothing has fallen over.</summary>
    public void CheckRest()
    {
        CheckWork();
        if (!IsAtRest)
        {
            Journal.Violate($"It is not at rest: {this}");
        }
    }

    public override string ToString()
    {
        var dispatcher = Get<Dispatcher>();
        return $"Process {Process.Number} has {dispatcher.InFlight} in flight, {dispatcher.UnderWay} under way, room for {dispatcher.Room}, wakes at {dispatcher.NextWake}; it is {Clock.GetUtcNow()}.";
    }

    private void CheckWork()
    {
        if (_work?.Exception is { } exception)
        {
            Journal.Violate($"A loop of process {Process.Number} ended: {exception}");
        }
        else if (_work is { IsCompleted: true } && !_stopping.IsCancellationRequested && !HasEnded)
        {
            Journal.Violate($"A loop of process {Process.Number} ended.");
        }
    }

    private Task RunAsync()
    {
        var sweeping = Get<Sweeper>().RunAsync(_stopping.Token);
        var working =
            _world.Scenario.Engine == EngineKind.Batch
                ? new BatchLoop(this, _world).RunAsync(_stopping.Token)
                : Get<DeliveryWorker>().RunAsync(_stopping.Token);
        return Task.WhenAll(sweeping, working);
    }

    private ServiceProvider Compose()
    {
        var scenario = _world.Scenario;
        var link = new FaultyLink(Process, Clock, _world.Faults, _world.Trace);
        var services = new ServiceCollection();
        services.AddSingleton<TimeProvider>(Clock);
        services.AddSingleton(Process.Tasks);
        services.AddSingleton<IIdSource>(new SeededIds(_world.Random));
        services.AddSingleton<IJitterSource>(new SeededJitter(_world.Random));
        services.AddSingleton<ISecretProtector>(new PlainSecretProtector());
        services.AddSingleton(this);
        services.AddSingleton(typeof(ILogger<>), typeof(SimulatedLogger<>));
        services.AddSingleton<IWebhookSender>(
            new SimulatedSender(this, Clock, _world.Receivers, _world.Random)
        );
        services.AddSingleton<IEventStore>(
            new SimulatedEventStore(
                _world.Events,
                link,
                scenario.IsLeased,
                Journal.Restarted,
                Journal.Cancelled
            )
        );
        services.AddSingleton<IStatisticsStore>(new SimulatedStatisticsStore(_world.Events, link));
        services.AddSingleton<ITenantStore>(new SimulatedTenantStore(_world.Tenants, link));
        services.AddSingleton<IRecoveryStore>(
            new SimulatedRecoveryStore(_world.Tenants.Recoveries, link)
        );
        services.AddSingleton<IDeliveryQueue>(
            scenario.IsLeased
                ? new LeasedQueue(_world.Board, _world.Events, link, Clock, Claims)
                : new EmbeddedQueue(_world.Events, link, Clock, scenario.WindowMax, Claims)
        );
        if (scenario.IsLeased)
        {
            services.AddSingleton<ISharedRateLimiter>(
                new SimulatedRateLimiter(_world.RateWindows, link)
            );
        }

        services.AddWebhookDelivery(scenario.Options);
        return services.BuildServiceProvider();
    }
}
