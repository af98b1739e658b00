using System.Collections.Concurrent;
using System.Diagnostics;
using System.Net;
using System.Net.Http.Headers;
using System.Text;
using WebhookDelivery.Testing;

namespace WebhookDelivery.EndToEnd.Tests;

/// <summary>A tenant that posts at a fixed rate to a receiver that behaves, and takes the time.</summary>
internal sealed class HealthyTenant : IAsyncDisposable
{
    private const string Prefix = "healthy-";

    /// <summary>50 events a second: a load that leaves the machine to the others.</summary>
    private static readonly TimeSpan s_interval = TimeSpan.FromMilliseconds(20);

    private readonly WireReceiver _receiver = WireReceiver.Start();
    private readonly ConcurrentDictionary<string, long> _posted = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, TimeSpan> _took = new(StringComparer.Ordinal);
    private readonly HttpClient _http;
    private int _serial;

    private HealthyTenant(Served server, string key)
    {
        // A bound, so that a pause does not leave hundreds of idle connections to be counted.
        var handler = new SocketsHttpHandler { MaxConnectionsPerServer = 32 };
        _http = new HttpClient(handler) { BaseAddress = server.Url };
        _http.DefaultRequestHeaders.Authorization = new("Bearer", key);
        _receiver.Answer = request =>
        {
            var name = Encoding.ASCII.GetString(request.Body).Split('"')[^2];
            _took.TryAdd(name, Stopwatch.GetElapsedTime(_posted[name]));
            return Task.FromResult(WireReceiver.Ok);
        };
    }

    public static async Task<HealthyTenant> CreateAsync(Served server)
    {
        var key = await server.CreateTenantAsync("healthy");
        var tenant = new HealthyTenant(server, key);
        var made = await server.PostAsync(
            "/v1/endpoints",
            key,
            $$"""{"url":"{{tenant._receiver.Url}}"}"""
        );
        Assert.True(made.Status == 201, made.Text);
        return tenant;
    }

    /// <summary>
    /// Posts until the task is over, waits until all has come, and returns how long each event took
    /// from its post's start to its receipt.
    /// </summary>
    public async Task<IReadOnlyList<TimeSpan>> MeasureAsync(Task until)
    {
        var posts = new List<Task>();
        var names = new List<string>();
        var start = Stopwatch.GetTimestamp();
        while (!until.IsCompleted)
        {
            var name = $"{Prefix}{Interlocked.Increment(ref _serial)}";
            names.Add(name);
            posts.Add(PostAsync(name));
            // By the clock, so that a slow answer does not thin out what is measured.
            var wait = (s_interval * names.Count) - Stopwatch.GetElapsedTime(start);
            if (wait > TimeSpan.Zero)
            {
                await Task.Delay(wait);
            }
        }

        await until;
        await Task.WhenAll(posts);
        await Until.HoldsAsync(
            () => ValueTask.FromResult(names.TrueForAll(_took.ContainsKey)),
            Served.Patience,
            () => $"{names.Count(name => !_took.ContainsKey(name))} of {names.Count} did not come."
        );
        return [.. names.Select(name => _took[name])];
    }

    /// <summary>Posts events of 1 MB, one after another, and waits until all have come.</summary>
    public async Task PostLargeAsync(int count)
    {
        for (var i = 1; i <= count; i++)
        {
            var name = $"{Prefix}large-{i}";
            await PostAsync(name, new string('x', 1_000_000));
            await Until.HoldsAsync(
                () => ValueTask.FromResult(_took.ContainsKey(name)),
                Served.Patience,
                () => $"{name} did not come."
            );
        }
    }

    public async ValueTask DisposeAsync()
    {
        _http.Dispose();
        await _receiver.DisposeAsync();
    }

    private async Task PostAsync(string name, string pad = "")
    {
        _posted[name] = Stopwatch.GetTimestamp();
        using var body = new StringContent(
            $$"""{"type":"order.created","pad":"{{pad}}","name":"{{name}}"}""",
            new MediaTypeHeaderValue("application/json")
        );
        using var answer = await _http.PostAsync("/v1/events", body);
        Assert.Equal(HttpStatusCode.Created, answer.StatusCode);
    }
}
