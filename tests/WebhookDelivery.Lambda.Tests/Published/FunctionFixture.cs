using System.Collections.Concurrent;
using System.Text.Json;
using WebhookDelivery.Testing;

namespace WebhookDelivery.Lambda.Tests;

/// <summary>
/// One home, one receiver and one process of each function for all tests of a collection: processes
/// cost seconds. Tests keep apart by tenant.
/// </summary>
public sealed class FunctionFixture : IAsyncLifetime
{
    /// <summary>The collection of the tests that share it.</summary>
    public const string Collection = "Functions";

    private readonly Dictionary<string, FunctionProcess> _functions = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, bool> _failing = new(StringComparer.Ordinal);
    private int _tenants;

    internal AwsHome Home { get; private set; } = null!;

    internal WireReceiver Receiver { get; } = WireReceiver.Start();

    internal FunctionProcess Api => _functions["Api"];

    internal FunctionProcess Worker => _functions["Worker"];

    internal FunctionProcess Sweeper => _functions["Sweeper"];

    /// <inheritdoc/>
    public async ValueTask InitializeAsync()
    {
        Home = await AwsHome.OpenAsync();
        // Endpoints are told apart by their paths: /of/{tenant}/.
        Receiver.Answer = request =>
            Task.FromResult(
                WireReceiver.Status(
                    _failing.ContainsKey(request.RequestLine.Split('/')[2]) ? 500 : 200
                )
            );
        // The API first: it makes what is missing.
        foreach (var name in new[] { "Api", "Worker", "Sweeper" })
        {
            _functions[name] = await StartAsync(name);
        }
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        foreach (var function in _functions.Values)
        {
            await function.DisposeAsync();
        }

        await Home.DisposeAsync();
        await Receiver.DisposeAsync();
    }

    /// <summary>Starts another process of a function.</summary>
    internal Task<FunctionProcess> StartAsync(string name) =>
        Home.StartAsync(name, Receiver.Url.Port);

    /// <summary>Has a tenant's endpoint answer 500, until disposed.</summary>
    internal IDisposable Fail(FunctionTenant tenant)
    {
        _failing[tenant.Id] = true;
        return new Ending(() => _failing.TryRemove(tenant.Id, out _));
    }

    /// <summary>Makes a tenant with one endpoint, at a path of its own of the receiver.</summary>
    internal async Task<FunctionTenant> CreateTenantAsync()
    {
        var id = $"tenant-{Interlocked.Increment(ref _tenants):D3}";
        var url = new Uri(Receiver.Url, $"/of/{id}/");
        var answer = await FunctionTenant.CallAsync(
            Api,
            "POST",
            "/v1/tenants",
            Home.AdminKey,
            $$"""{"tenant_id":"{{id}}","target_url":"{{url}}"}"""
        );
        Assert.True(answer.Status == 201, answer.Text + Api.Process.Transcript);
        using var body = JsonDocument.Parse(answer.Text);
        return new FunctionTenant(
            this,
            id,
            body.RootElement.GetProperty("api_key").GetString()!,
            body.RootElement.GetProperty("endpoint").GetProperty("endpoint_id").GetString()!
        );
    }

    private sealed class Ending(Action end) : IDisposable
    {
        public void Dispose() => end();
    }
}
