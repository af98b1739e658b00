using WebhookDelivery.Core;

namespace WebhookDelivery.Simulation.Tests;

/// <summary>One run: everything that a seed decides, from the first step to the verdict.</summary>
internal sealed class World
{
    /// <summary>The tenant that has nothing to wait for in a calm run.</summary>
    public static readonly TenantId HealthyTenant = TenantId.Parse("tenant-0");

    /// <summary>More steps than any run needs: beyond them something goes round in circles.</summary>
    private const long StepsMax = 1_000_000;

    /// <summary>More than any schedule, lease, grace and postponement of a scenario together.</summary>
    private static readonly TimeSpan s_settlingMax = TimeSpan.FromMinutes(45);

    private readonly HashSet<TenantId> _deleted = [];
    private int _processes;

    public World(int seed, bool inWords)
    {
        Random = new Random(seed);
        Trace = new Trace(inWords);
        Scenario = Scenario.Of(Random);
        Trace.Say($"seed {seed}: {Scenario}");
        Scheduler = new SeededScheduler(Random, Trace);
        Journal = new Journal(Trace, Scheduler);
        Faults = new Faults(Random, Scheduler, Scenario);
        Receivers = new Receivers(Random);
        Events = new EventTable(settlesAtOnce: !Scenario.IsLeased);
        Health = new HealthLaws(this);
        Tenants = new TenantTable(endpoint =>
        {
            Journal.Committed(endpoint);
            Health.Committed(endpoint);
        });
        Board = new MessageBoard(
            () => Scheduler.Elapsed,
            Scenario.Lease,
            () => Faults.IsActive && Random.NextDouble() < Scenario.FaultChance
        );
        Journal.Beginning = new AttemptLaws(this).Check;
        Journal.IsNews = (tenant, id) =>
            Events.Find(tenant, id)?.Event.Source == EventSource.Operational;
        Hosts = [.. Enumerable.Range(0, Scenario.Processes).Select(_ => NewHost())];
    }

    public Random Random { get; }

    public Trace Trace { get; }

    public Scenario Scenario { get; }

    public SeededScheduler Scheduler { get; }

    public WallClock Wall { get; } = new();

    public Journal Journal { get; }

    public Faults Faults { get; }

    public Receivers Receivers { get; }

    public EventTable Events { get; }

    public TenantTable Tenants { get; }

    public HealthLaws Health { get; }

    public MessageBoard Board { get; }

    /// <summary>Attempts to endpoints with a rate, of every process, by second.</summary>
    public Dictionary<(EndpointKey, DateTimeOffset), int> RateWindows { get; } = [];

    /// <summary>The processes, by place; one that has ended stays until its successor starts.</summary>
    public List<Host> Hosts { get; }

    /// <summary>Whether somebody asked for the tenant to be deleted.</summary>
    public bool WasDeleted(TenantId tenant) => _deleted.Contains(tenant);

    /// <summary>
    /// Whether the tenant is the one whose receivers answer soon and have no breaker in a calm run.
    /// </summary>
    public bool IsSpared(TenantId tenant) => Scenario.IsCalm && tenant == HealthyTenant;

    public void Deleting(TenantId tenant) => _deleted.Add(tenant);

    /// <summary>The schedule that an endpoint's deliveries are under; no scenario changes it.</summary>
    public RetrySchedule ScheduleOf(EndpointKey endpoint) =>
        Journal.Find(endpoint)?.Endpoint.RetrySchedule ?? Scenario.Options.Delivery.RetrySchedule;

    /// <summary>A process that is not of the platform: it is never killed.</summary>
    public SimulatedProcess NewBystander() => new(++_processes, Scheduler);

    public Host NewHost() => new(this, ++_processes);

    /// <summary>Runs to the end; what was violated is in the journal.</summary>
    public void Run()
    {
        var users = new Users(this);
        var operators = new Operator(this);
        Hosts.ForEach(host => host.Start());
        users.Start(() =>
        {
            Faults.Begin();
            operators.Start();
        });
        while (!(users.AreDone && operators.IsDone) && MayGoOn())
        {
            Scheduler.Step(TimeSpan.MaxValue);
        }

        Faults.End();
        operators.ReviveAll();
        Settle();
        CheckScheduler();
        Hosts.ForEach(host => Trace.Say($"{Scheduler.Elapsed} {host}"));
        if (Journal.Violations.Count == 0)
        {
            new Verdict(this).Check();
            new NewsVerdict(this).Check();
        }

        Hosts.ForEach(host => host.Dispose());
    }

    private void Settle()
    {
        var verdict = new Verdict(this);
        var end = Scheduler.Elapsed + s_settlingMax + Wall.SetBack;
        while (MayGoOn() && Scheduler.Elapsed < end && !verdict.IsQuiet())
        {
            var next = Scheduler.Elapsed + TimeSpan.FromSeconds(20);
            while (MayGoOn() && Scheduler.Step(next)) { }
        }
    }

    private bool MayGoOn()
    {
        if (Scheduler.Steps > StepsMax)
        {
            Journal.Violate("It goes round in circles.");
        }

        return Journal.Violations.Count == 0
            && Scheduler.Escaped is null
            && Scheduler.Thrown is null;
    }

    private void CheckScheduler()
    {
        if (Scheduler.Escaped is { } escaped)
        {
            Journal.Violate($"Work came from a thread that no seed decides over: {escaped}");
        }

        if (Scheduler.Thrown is { } thrown)
        {
            Journal.Violate($"Nobody caught: {thrown}");
        }
    }
}
