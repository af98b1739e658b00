using WebhookDelivery.Core;

namespace WebhookDelivery.Simulation.Tests;

/// <summary>Recoveries as they are committed. Each member is one moment.</summary>
internal sealed class RecoveryTable
{
    private readonly Dictionary<(EndpointKey Endpoint, RecoveryId Id), Recovery> _all = [];

    public IEnumerable<Recovery> All => _all.Values;

    public bool Add(Recovery recovery) => _all.TryAdd((recovery.Endpoint, recovery.Id), recovery);

    public bool Save(Recovery recovery)
    {
        if (Find(recovery.Endpoint, recovery.Id)?.Version != recovery.Version - 1)
        {
            return false;
        }

        _all[(recovery.Endpoint, recovery.Id)] = recovery;
        return true;
    }

    public Recovery? Find(EndpointKey endpoint, RecoveryId id) =>
        _all.GetValueOrDefault((endpoint, id));

    public bool Delete(EndpointKey endpoint, RecoveryId id) => _all.Remove((endpoint, id));

    public int DeleteFinished(DateTimeOffset before, int limit)
    {
        var over = _all
            .Values.Where(each => each.FinishedAt < before)
            .OrderBy(each => each.FinishedAt)
            .Take(limit)
            .ToList();
        over.ForEach(each => Delete(each.Endpoint, each.Id));
        return over.Count;
    }

    public void Erase(TenantId tenant)
    {
        foreach (var key in _all.Keys.Where(each => each.Endpoint.TenantId == tenant).ToList())
        {
            _all.Remove(key);
        }
    }
}
