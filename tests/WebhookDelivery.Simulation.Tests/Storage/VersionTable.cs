using WebhookDelivery.Core;

namespace WebhookDelivery.Simulation.Tests;

/// <summary>What endpoints were, as it is committed. Each member is one moment.</summary>
internal sealed class VersionTable
{
    private readonly Dictionary<EndpointKey, List<EndpointVersion>> _versions = [];

    /// <summary>Adds an endpoint's newest version, and strips the one before it.</summary>
    public void Add(Endpoint endpoint, long revision)
    {
        if (!_versions.TryGetValue(endpoint.Key, out var kept))
        {
            _versions.Add(endpoint.Key, kept = []);
        }

        if (kept is [.., var last])
        {
            kept[^1] = last with { Endpoint = EndpointVersion.Superseded(last.Endpoint) };
        }

        kept.Add(
            new EndpointVersion(
                endpoint,
                revision,
                kept is [var first, ..] ? first.FirstRevision : revision
            )
        );
        if (kept.Count > EndpointVersion.SupersededMax + 1)
        {
            kept.RemoveAt(0);
        }
    }

    public void Remove(EndpointKey key) => _versions.Remove(key);

    /// <summary>The version in force at a revision, if it is another one, and the newest.</summary>
    public IEnumerable<EndpointVersion> List(Endpoint newest, long atRevision)
    {
        var kept = _versions[newest.Key];
        var then = kept.FindLast(each => each.Revision <= atRevision);
        if (then is not null && then != kept[^1])
        {
            yield return then;
        }

        yield return kept[^1] with
        {
            Endpoint = newest,
        };
    }
}
