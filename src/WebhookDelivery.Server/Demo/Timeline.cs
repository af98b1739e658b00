using System.Collections.Concurrent;
using System.Text.Json;
using Spectre.Console;

namespace WebhookDelivery.Server;

/// <summary>Prints every attempt of the events it watches, as the API tells of them.</summary>
internal sealed class Timeline(ApiClient api, IAnsiConsole console)
{
    private readonly ConcurrentDictionary<string, (string Tenant, string Key)> _watched = new();
    private readonly HashSet<string> _printed = [];
    private readonly DateTimeOffset _start = TimeProvider.System.GetUtcNow();

    public void Watch(string tenant, string key, string eventId) =>
        _watched[eventId] = (tenant, key);

    public void Scene(string title)
    {
        console.WriteLine();
        console.MarkupLineInterpolated($"[bold]{title}[/]");
        console.MarkupLineInterpolated(
            $"[grey]{"time", 9}  {"tenant", -8} {"event", -12} {"attempt", -9} {"status", -7} outcome[/]"
        );
    }

    public void Say(string text) =>
        console.MarkupLineInterpolated(
            $"{Elapsed(TimeProvider.System.GetUtcNow())}  [grey]{text}[/]"
        );

    /// <summary>Prints the attempts that came since; call it while waiting, and once at the end.</summary>
    public async Task RefreshAsync(CancellationToken cancellationToken)
    {
        var rows =
            new List<(DateTimeOffset At, string EventId, string Tenant, JsonElement Attempt)>();
        foreach (var (eventId, (tenant, key)) in _watched)
        {
            var answer = await api.GetAsync(
                $"/v1/events/{eventId}/attempts",
                key,
                cancellationToken
            );
            rows.AddRange(
                answer
                    .Expect(200)
                    .Json.GetProperty("data")
                    .EnumerateArray()
                    .Select(attempt =>
                        (
                            attempt.GetProperty("started_at").GetDateTimeOffset(),
                            eventId,
                            tenant,
                            attempt
                        )
                    )
            );
        }

        foreach (var (at, eventId, tenant, attempt) in rows.OrderBy(row => row.At))
        {
            Print(at, eventId, tenant, attempt);
        }
    }

    private void Print(DateTimeOffset at, string eventId, string tenant, JsonElement attempt)
    {
        var generation = attempt.GetProperty("generation").GetInt32();
        var number = attempt.GetProperty("attempt").GetInt32();
        var endpoint = attempt.GetProperty("endpoint_id").GetString();
        if (!_printed.Add($"{eventId} {endpoint} {generation} {number}"))
        {
            return;
        }

        var reason = attempt.GetProperty("reason").GetString();
        var status = attempt.GetProperty("status_code").ToString();
        var label = generation == 1 ? $"{number}" : $"{number} (gen {generation})";
        var colour = reason == "delivered" ? Color.Green : Color.Yellow;
        console.MarkupInterpolated(
            $"{Elapsed(at)}  {tenant, -8} …{eventId[^10..], -11} {label, -9} {status, -7} "
        );
        console.Write(new Text(reason + Environment.NewLine, new Style(colour)));
    }

    private string Elapsed(DateTimeOffset at) => $"{(at - _start).TotalSeconds, 8:F3}s";
}
