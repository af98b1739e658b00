using WebhookDelivery.Core;

namespace WebhookDelivery.Simulation.Tests;

/// <summary>Decides, by the seed, what becomes of calls of the store.</summary>
internal sealed class Faults(Random random, SeededScheduler scheduler, Scenario scenario)
{
    private readonly List<Outage> _outages = [];
    private bool _active;

    /// <summary>The longest that a call has taken.</summary>
    public TimeSpan LongestCall { get; private set; }

    /// <summary>Whether calls fail as the scenario says.</summary>
    public bool IsActive => _active;

    public void Add(Outage outage) => _outages.Add(outage);

    /// <summary>From here on calls fail as the scenario says.</summary>
    public void Begin() => _active = true;

    /// <summary>From here on calls only take their time.</summary>
    public void End() => _active = false;

    public Fate Next(TenantId? tenant)
    {
        var fate = Draw(tenant);
        var took = (fate.Before ?? TimeSpan.Zero) + (fate.After ?? TimeSpan.Zero);
        LongestCall = took > LongestCall ? took : LongestCall;
        return fate;
    }

    private Fate Draw(TenantId? tenant)
    {
        var before = Delay();
        if (!_active)
        {
            return new Fate(before, false, false, null, false);
        }

        var now = scheduler.Elapsed;
        if (
            _outages.Find(each =>
                each.From <= now && now < each.To && (each.Tenant ?? tenant) == tenant
            ) is
            { } outage
        )
        {
            return new Fate(before, true, outage.Tenant is not null, null, false);
        }

        if (random.NextDouble() >= scenario.FaultChance)
        {
            return new Fate(before, false, false, Delay(), false);
        }

        return random.Next(4) switch
        {
            0 => new Fate(before, true, tenant is not null && random.Next(2) == 0, null, false),
            1 => new Fate(before, false, false, Delay(), true),
            2 => new Fate(Hang(), random.Next(2) == 0, false, null, false),
            _ => new Fate(before, false, false, Hang(), random.Next(2) == 0),
        };
    }

    private TimeSpan? Delay() =>
        random.Next(4) switch
        {
            0 => TimeSpan.FromMicroseconds(random.Next(5000)),
            1 => TimeSpan.Zero,
            _ => null,
        };

    private TimeSpan Hang() => TimeSpan.FromMilliseconds(random.Next(500, 20_000));
}
