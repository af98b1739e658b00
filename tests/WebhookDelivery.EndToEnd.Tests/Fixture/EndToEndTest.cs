using WebhookDelivery.Testing;

namespace WebhookDelivery.EndToEnd.Tests;

/// <summary>
/// A test against a whole server: a real store, real HTTP in and out, and time that passes only when
/// the test says so. It starts at the machine's time, which the npm libraries compare with.
/// </summary>
/// <typeparam name="TEngine">What the server runs on.</typeparam>
public abstract class EndToEndTest<TEngine> : IAsyncLifetime
    where TEngine : IEngine, new()
{
    private readonly HttpClient _http = new();
    private readonly List<IAsyncDisposable> _receivers = [];
    private IRunningServer? _server;

    protected EndToEndTest() => Setup = new ServerSetup { Time = Clock };

    /// <summary>The server's clock.</summary>
    protected ManualTimeProvider Clock { get; } =
        new(
            DateTimeOffset.FromUnixTimeSeconds(TimeProvider.System.GetUtcNow().ToUnixTimeSeconds())
        );

    /// <summary>What runs the server.</summary>
    protected TEngine Engine { get; } = new();

    /// <summary>What the server is started with; a class may change it in its constructor.</summary>
    protected ServerSetup Setup { get; set; }

    /// <summary>Where the server's API is now.</summary>
    protected string BaseUrl => Url();

    /// <summary>Calls the API without a key that is good for anything.</summary>
    protected ApiCaller Anybody => new(_http, Url, "none");

    /// <summary>Calls the API as the operator.</summary>
    protected ApiCaller Operator => new(_http, Url, Setup.OperatorKey);

    public async ValueTask InitializeAsync() => _server = await Engine.StartAsync(Setup);

    public async ValueTask DisposeAsync()
    {
        // Receivers first: what hangs at them must not hold the server up.
        foreach (var receiver in _receivers)
        {
            await receiver.DisposeAsync();
        }

        await StopAsync();
        await Engine.DisposeAsync();
        _http.Dispose();
        GC.SuppressFinalize(this);
    }

    /// <summary>Stops the server gracefully.</summary>
    protected async Task StopAsync()
    {
        if (_server is not null)
        {
            await _server.DisposeAsync();
            _server = null;
        }
    }

    /// <summary>Stops the server gracefully and starts another one on the same store.</summary>
    protected async Task RestartAsync(ServerSetup? setup = null)
    {
        await StopAsync();
        Setup = setup ?? Setup;
        _server = await Engine.StartAsync(Setup);
    }

    /// <summary>Creates a tenant.</summary>
    protected async Task<TenantUser> AddTenantAsync(string id = "acme")
    {
        var made = await Operator.PostAsync("/v1/tenants", $$"""{"tenant_id":"{{id}}"}""");
        return new TenantUser(_http, Url, id, made.Expect(201)["api_key"]);
    }

    /// <summary>Starts a receiver that ends with the test.</summary>
    protected WireReceiver AddReceiver(params int[] statuses)
    {
        var receiver = Own(WireReceiver.Start());
        if (statuses.Length > 0)
        {
            receiver.AnswerWith(statuses);
        }

        return receiver;
    }

    /// <summary>Has something end with the test.</summary>
    protected T Own<T>(T owned)
        where T : IAsyncDisposable
    {
        _receivers.Add(owned);
        return owned;
    }

    /// <summary>Lets time pass until a delivery's next attempt is due.</summary>
    protected void AdvanceTo(DateTimeOffset? due) =>
        Clock.Advance(
            due!.Value - Clock.GetUtcNow() is var wait && wait > TimeSpan.Zero
                ? wait + TimeSpan.FromMilliseconds(1)
                : TimeSpan.Zero
        );

    /// <summary>
    /// Lets time pass in steps, with a moment for the server to act after each, until the condition
    /// holds.
    /// </summary>
    protected async Task PumpAsync(TimeSpan step, TimeSpan most, Func<Task<bool>> done)
    {
        const int looks = 5;
        for (var passed = TimeSpan.Zero; passed <= most; passed += step)
        {
            for (var i = 0; i < looks; i++)
            {
                if (await done())
                {
                    return;
                }

                await Task.Delay(TimeSpan.FromMilliseconds(20));
            }

            Clock.Advance(step);
        }

        Assert.Fail($"It did not come about within {most}.");
    }

    private string Url() => _server!.Url;
}
