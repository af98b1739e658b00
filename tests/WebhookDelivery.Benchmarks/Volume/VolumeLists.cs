using System.Globalization;
using System.Text.Json;

namespace WebhookDelivery.Benchmarks;

/// <summary>The lists of a tenant with a backlog, and how long a page of each takes.</summary>
internal static class VolumeLists
{
    /// <summary>The largest page, for walking.</summary>
    private const int PageMax = 100;

    /// <summary>Pages walked, at most, to come to a deep one.</summary>
    private const int WalkedMax = 500;

    public static async Task<IReadOnlyList<(string Name, AnswerTimes Times)>> MeasureAsync(
        Platform api,
        StagedTenant tenant,
        CancellationToken cancellationToken
    )
    {
        // Nothing is routed to it: a filter by it has to look at event after event in vain.
        var idle = await api.CreateIdleEndpointAsync(cancellationToken);
        var deep = await CursorAsync(api, tenant.Setup.Queued / 2, cancellationToken);
        var busy = tenant.EndpointIds[0];
        (string Name, string Path)[] lists =
        [
            ("GET /events, first page", "/v1/events"),
            ("  deep page, by cursor", $"/v1/events?cursor={deep}"),
            ("  status=PENDING", "/v1/events?status=PENDING"),
            ("  status=FAILED, of which there are none", "/v1/events?status=FAILED"),
            ("  endpoint_id", $"/v1/events?endpoint_id={busy}"),
            ("  endpoint_id, one without events", $"/v1/events?endpoint_id={idle}"),
            ("  type, one without events", "/v1/events?type=other"),
            ("GET /dead-letters, none", "/v1/dead-letters"),
        ];
        var measured = new List<(string, AnswerTimes)>();
        foreach (var (name, path) in lists)
        {
            measured.Add((name, await AnswerTimes.MeasureAsync(api, path, cancellationToken)));
        }

        return measured;
    }

    /// <summary>Walks some way into the list, as far as the backlog is likely to last.</summary>
    private static async Task<string> CursorAsync(
        Platform api,
        int depth,
        CancellationToken cancellationToken
    )
    {
        var cursor = "";
        for (var page = 0; page < Math.Min(WalkedMax, Math.Max(1, depth / PageMax)); page++)
        {
            var at = string.Create(
                CultureInfo.InvariantCulture,
                $"/v1/events?limit={PageMax}{(page == 0 ? "" : "&cursor=")}{cursor}"
            );
            JsonElement answer = await api.GetAsync(at, cancellationToken);
            cursor = Uri.EscapeDataString(answer.GetProperty("next_cursor").GetString()!);
        }

        return cursor;
    }
}
