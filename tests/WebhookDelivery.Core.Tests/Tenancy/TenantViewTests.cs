using System.Text;
using WebhookDelivery.Signatures;

namespace WebhookDelivery.Core.Tests;

public sealed class TenantViewTests
{
    private static readonly byte[] s_payload = Encoding.UTF8.GetBytes(
        $$"""{"a":[{{string.Join(',', Enumerable.Range(0, 1000))}}]}"""
    );

    // What a tenant does not use costs it nothing: neither the pass over the payload nor its room.
    [Fact]
    public void Route_WhereNoFilterIsAsked_AllocatesAsWithoutFilters()
    {
        var plain = View(Endpoint(1, "a", null), Endpoint(2, "b", null));
        var filtered = View(
            Endpoint(1, "a", null),
            Endpoint(2, "b", """{"field":"a.0","equals":1}""")
        );

        Assert.Equal(AllocatedBy(plain, "a"), AllocatedBy(filtered, "a"));
        Assert.True(AllocatedBy(filtered, "b") > AllocatedBy(plain, "b"));
        Assert.Empty(filtered.Route(EventSource.Live, "b", s_payload));
    }

    private static long AllocatedBy(TenantView view, string type)
    {
        view.Route(EventSource.Live, type, s_payload);
        var before = GC.GetAllocatedBytesForCurrentThread();
        view.Route(EventSource.Live, type, s_payload);
        return GC.GetAllocatedBytesForCurrentThread() - before;
    }

    private static Endpoint Endpoint(int number, string type, string? filter) =>
        Sample.Endpoint(Sample.EndpointKey(number)) with
        {
            EventTypes = EventTypeFilter.Parse([type], out _)!,
            Filter = filter is null ? null : Filters.Of(filter),
        };

    private static TenantView View(params Endpoint[] endpoints) =>
        new(
            new TenantSnapshot(
                Sample.TenantRow(new TenantDataKey(Sample.Tenant, new byte[] { 1 })),
                endpoints,
                1
            ),
            [
                .. endpoints.Select(each => new OpenedEndpoint(
                    each,
                    [new LiveSecret(SigningSecret.Generate(), null)],
                    []
                )),
            ]
        );
}
