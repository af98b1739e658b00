using System.Text.Json;
using WebhookDelivery.Testing;

namespace WebhookDelivery.EndToEnd.Tests;

/// <summary>A tenant whose endpoints are hostile receivers: each of its events goes to all of them.</summary>
internal sealed class HostileTenant : IAsyncDisposable
{
    private readonly Dictionary<string, HostileReceiver> _byEndpoint = new(StringComparer.Ordinal);
    private readonly List<RawReceiver> _running = [];
    private readonly List<string> _eventIds = [];
    private readonly Served _server;
    private readonly byte[] _payload;

    private HostileTenant(Served server, string key, int payloadBytes)
    {
        _server = server;
        Key = key;
        _payload = JsonSerializer.SerializeToUtf8Bytes(
            new { type = "order.created", pad = new string('x', payloadBytes) }
        );
    }

    /// <summary>Its API key.</summary>
    public string Key { get; }

    /// <summary>Makes one; a delivery has one attempt.</summary>
    public static async Task<HostileTenant> CreateAsync(
        Served server,
        string name,
        IReadOnlyCollection<HostileReceiver> receivers,
        TimeSpan deadline
    )
    {
        var key = await server.CreateTenantAsync(name);
        var tenant = new HostileTenant(
            server,
            key,
            receivers.Max(receiver => receiver.PayloadBytes)
        );
        foreach (var receiver in receivers)
        {
            var running = receiver.Start(deadline);
            tenant._running.Add(running);
            var made = await server.PostAsync(
                "/v1/endpoints",
                key,
                $$"""
                {
                  "url": "{{receiver.UrlOf(running)}}",
                  "timeout_seconds": {{deadline.TotalSeconds}},
                  "retry_schedule": []
                }
                """
            );
            Assert.True(made.Status == 201, made.Text);
            tenant._byEndpoint.Add(made["endpoint_id"], receiver);
        }

        return tenant;
    }

    /// <summary>Posts one event.</summary>
    public async Task PostAsync()
    {
        var answer = await _server.PostAsync("/v1/events", Key, _payload);
        Assert.True(answer.Status == 201, answer.Text);
        _eventIds.Add(answer["event_id"]);
    }

    /// <summary>Every attempt that the API knows of, and the answers' texts.</summary>
    public async Task<(IReadOnlyList<HostileAttempt> Attempts, string Text)> AttemptsAsync()
    {
        var attempts = new List<HostileAttempt>();
        var text = "";
        foreach (var id in _eventIds)
        {
            var answer = await _server.GetAsync($"/v1/events/{id}/attempts", Key);
            Assert.True(answer.Status == 200, answer.Text);
            text += answer.Text;
            attempts.AddRange(
                answer.Json.GetProperty("data").EnumerateArray().Select(item => Attempt(id, item))
            );
        }

        return (attempts, text);
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var receiver in _running)
        {
            await receiver.DisposeAsync();
        }
    }

    private HostileAttempt Attempt(string eventId, JsonElement json) =>
        new(
            _byEndpoint[json.GetProperty("endpoint_id").GetString()!],
            eventId,
            json.GetProperty("reason").GetString()!,
            json.GetProperty("status_code") is { ValueKind: JsonValueKind.Number } status
                ? status.GetInt32()
                : null,
            TimeSpan.FromMilliseconds(json.GetProperty("duration_ms").GetInt64())
        );
}
