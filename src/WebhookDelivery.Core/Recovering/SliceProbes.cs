namespace WebhookDelivery.Core;

/// <summary>The deliveries by which one slice tells how the last one went. Not thread-safe; used once.</summary>
internal sealed class SliceProbes(RecoveryServices services, EndpointKey endpoint)
{
    private readonly List<RecoveryProbe> _started = [];
    private readonly List<RecoveryProbe> _young = [];

    /// <summary>What became of the last slice. Those that say nothing yet are asked again next time.</summary>
    public async ValueTask<ProbeStates> AskAsync(
        IReadOnlyList<RecoveryProbe> probes,
        CancellationToken cancellationToken
    )
    {
        var pages = new DeliveryPages(services.Events);
        var states = new ProbeStates();
        foreach (var probe in probes)
        {
            var delivery = await pages.FindAsync(endpoint, probe.EventId, cancellationToken);
            var with = states.With(probe, delivery, services.Time.GetUtcNow());
            if (with.Young > states.Young)
            {
                _young.Add(probe);
            }

            states = with;
        }

        return states;
    }

    /// <summary>Takes note of what this slice has started.</summary>
    public void Started(IReadOnlyList<DueDelivery> due) =>
        _started.AddRange(
            due.Select(each => new RecoveryProbe(
                each.Key.EventId,
                each.Generation,
                each.Attempt - 1,
                each.DueAt
            ))
        );

    /// <summary>Those that are still to tell, and some of what was started, from end to end.</summary>
    public List<RecoveryProbe> Next()
    {
        var probes = _young.Take(DrainPace.ProbesMax).ToList();
        var room = Math.Min(DrainPace.ProbesMax - probes.Count, _started.Count);
        for (var i = 0; i < room; i++)
        {
            probes.Add(_started[i * _started.Count / room]);
        }

        return probes;
    }
}
