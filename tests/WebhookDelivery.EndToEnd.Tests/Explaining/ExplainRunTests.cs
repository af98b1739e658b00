using System.Globalization;
using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using WebhookDelivery.Core;

namespace WebhookDelivery.EndToEnd.Tests;

/// <summary>
/// A run of events, changes of endpoints and failures in random order, by a seed. A ledger of its own
/// keeps what must have become of every event at every endpoint; explain must say the same.
/// </summary>
public abstract class ExplainRunTests<TEngine> : EndToEndTest<TEngine>
    where TEngine : IEngine, new()
{
    private const int EndpointsAtFirst = 13;
    private const int EndpointsMax = 30;

    private readonly RunReceiver _receiver;
    private readonly List<RunEndpoint> _endpoints = [];
    private readonly List<RunEvent> _events = [];
    private IServiceProvider _services = null!;
    private Dispatcher _dispatcher = null!;
    private TenantUser _acme = null!;
    private Random _random = null!;

    protected ExplainRunTests()
    {
        _receiver = Own(new RunReceiver());
        Setup = Setup with
        {
            Settings = new Dictionary<string, string?>
            {
                ["Delivery:RetrySchedule:0"] = "1m",
                ["Delivery:RetrySchedule:1"] = "2m",
            },
            Services = services =>
                services.AddSingleton(provider =>
                {
                    _services = provider;
                    return _dispatcher = new Dispatcher(
                        provider.GetRequiredService<DeliveryOptions>(),
                        provider.GetRequiredService<IWebhookSender>()
                    );
                }),
        };
    }

    /// <summary>How many events are posted.</summary>
    protected abstract int EventsPosted { get; }

    /// <summary>How often the ledger is compared on the way.</summary>
    protected abstract int Comparisons { get; }

    /// <summary>Whether this process knows of every delivery that is due what holds it back.</summary>
    protected abstract bool KnowsWhatHolds { get; }

    /// <summary>Runs the seed, and compares explain with the ledger.</summary>
    protected async Task RunAsync(int seed)
    {
        seed = SeedOr(seed);
        _random = new Random(seed);
        _acme = await AddTenantAsync();
        for (var i = 0; i < EndpointsAtFirst; i++)
        {
            await CreateAsync();
        }

        var ledger = new RunLedger(
            _acme,
            _receiver,
            Clock,
            _endpoints,
            KnowsWhatHolds,
            FindResumingAsync
        );
        var compared = 0;
        while (_events.Count < EventsPosted)
        {
            await StepAsync();
            if (_events.Count >= (compared + 1) * EventsPosted / Comparisons)
            {
                compared++;
                await ledger.CompareAsync(_events, seed);
            }
        }

        AssertThatMuchHappened(ledger);
    }

    /// <summary>Counted from the number that the environment gives, to run others by hand.</summary>
    private static int SeedOr(int seed) =>
        Environment.GetEnvironmentVariable("WEBHOOKDELIVERY_EXPLAIN_SEED") is { } other
            ? int.Parse(other, CultureInfo.InvariantCulture) + seed
            : seed;

    /// <summary>A run in which little happened shows little: every kind of verdict must have come up.</summary>
    private void AssertThatMuchHappened(RunLedger ledger)
    {
        string[] wanted =
        [
            "sent",
            "retrying",
            "limited",
            "parked",
            "dead_lettered",
            "cancelled",
            "filtered_by_type",
            "filtered_by_payload",
            "not_targeted",
            "created_later",
            "deleted_before",
        ];
        Assert.Empty(KnowsWhatHolds ? wanted.Except(ledger.Seen) : []);
        Assert.InRange(_endpoints.Count, EndpointsAtFirst, EndpointsMax);
    }

    private Task StepAsync() =>
        _random.Next(100) switch
        {
            < 58 => PostAsync(),
            < 63 => ToggleAsync(),
            < 69 => ChangeFilterAsync(),
            < 72 => _endpoints.Count < EndpointsMax ? CreateAsync() : PostAsync(),
            < 74 => DeleteAsync(),
            < 81 => RedeliverAsync(),
            < 92 => ChangeAnswerAsync(),
            < 96 => KnowsWhatHolds ? PassTimeAsync() : PostAsync(),
            _ => TestAsync(),
        };

    private async Task PostAsync()
    {
        var posted = new RunEvent
        {
            Type = RunFilter.EventTypes[_random.Next(RunFilter.EventTypes.Count)],
            Number = _random.Next(10),
        };
        foreach (var endpoint in _endpoints)
        {
            posted.Routing[endpoint.Ref.Id] = (
                endpoint.IsDeleted ? "deleted_before" : endpoint.Filter.Refusal(posted),
                endpoint.Version
            );
        }

        posted.Id = await _acme.PostEventAsync(posted.Payload);
        _events.Add(posted);
    }

    private Task TestAsync() => TestAsync(PickLive());

    private async Task TestAsync(RunEndpoint tested)
    {
        var posted = new RunEvent { Type = "webhook.test", Number = 0 };
        foreach (var endpoint in _endpoints)
        {
            var refusal = endpoint.IsDeleted ? "deleted_before" : "not_targeted";
            posted.Routing[endpoint.Ref.Id] = (
                endpoint == tested ? null : refusal,
                endpoint.Version
            );
        }

        posted.Id = (await _acme.PostAsync(tested.Ref.Path + "/test")).Expect(202)["event_id"];
        _events.Add(posted);
    }

    private async Task CreateAsync()
    {
        var url = _receiver.Add();
        var filter = RunFilter.Pick(_random);
        var limited = _endpoints.Count % 6 == 5;
        var members = filter.Members + (limited ? ",\"rate_limit_per_second\":1" : "");
        _endpoints.Add(
            new RunEndpoint
            {
                Ref = await _acme.AddEndpointAsync(url, members),
                Url = url,
                IsLimited = limited,
                Filter = filter,
            }
        );
    }

    private async Task DeleteAsync()
    {
        if (_endpoints.Count(each => !each.IsDeleted) <= EndpointsAtFirst - 1)
        {
            await CreateAsync();
        }

        var endpoint = PickLive();
        (await _acme.DeleteAsync(endpoint.Ref.Path)).Expect(204);
        endpoint.IsDeleted = true;
        endpoint.Version++;
    }

    private async Task ToggleAsync()
    {
        var endpoint = PickLive();
        endpoint.IsDisabled = !endpoint.IsDisabled;
        if (!endpoint.IsDisabled && _receiver.Get(endpoint.Url) == 410)
        {
            _receiver.Set(endpoint.Url, 200);
        }

        await _acme.SetDisabledAsync(endpoint.Ref, endpoint.IsDisabled);
        endpoint.Version++;
    }

    private async Task ChangeFilterAsync()
    {
        var endpoint = PickLive();
        var filter = RunFilter.Pick(_random);
        (await _acme.PatchAsync(endpoint.Ref.Path, $"{{{filter.Members}}}")).Expect(200);
        endpoint.Filter = filter;
        endpoint.Version++;
    }

    private async Task ChangeAnswerAsync()
    {
        int[] answers = [200, 200, 200, 500, 500, 429, 410];
        var answer = answers[_random.Next(answers.Length)];
        var endpoint = PickLive();
        if (endpoint.IsDisabled)
        {
            return;
        }

        if (answer != 410)
        {
            _receiver.Set(endpoint.Url, answer);
        }
        else if (!endpoint.IsLimited && !_receiver.Gave(endpoint.Url, 500, 429))
        {
            await EndAsync(endpoint);
        }
    }

    /// <summary>
    /// The receiver says that it is gone, and its endpoint is disabled for it. Only where nothing holds back
    /// what tells it so: what the endpoint's version is must be certain when the next event comes.
    /// </summary>
    private async Task EndAsync(RunEndpoint endpoint)
    {
        _receiver.Set(endpoint.Url, 410);
        await TestAsync(endpoint);
        await Eventually.IsAsync(
            "True",
            async () => (await _acme.GetAsync(endpoint.Ref.Path)).Expect(200)["disabled"]
        );
        endpoint.IsDisabled = true;
        endpoint.Version++;
    }

    /// <summary>
    /// Not while an attempt is under way: it would run into its deadline, and its receiver have booked an
    /// answer that nobody got. Nor by as much as the deadline, which one that begins on the way would pass.
    /// </summary>
    private async Task PassTimeAsync()
    {
        await Eventually.IsAsync(true, IsIdleAsync);
        Clock.Advance(TimeSpan.FromSeconds(_random.Next(2, 13)));
    }

    private async Task<bool> IsIdleAsync() =>
        await IsAllResumedAsync()
        && _dispatcher.UnderWay == 0
        && await IsAllHeldAsync()
        && _dispatcher.UnderWay == 0;

    /// <summary>
    /// What is parked at an endpoint that is enabled is about to be under way, unless its resume waits for
    /// time to pass.
    /// </summary>
    private async Task<bool> IsAllResumedAsync()
    {
        var waiting = await FindResumingAsync();
        foreach (var endpoint in _endpoints.Where(each => !each.IsDisabled && !each.IsDeleted))
        {
            var parked = await _acme.CountEventsAsync(
                $"&status=PARKED&endpoint_id={endpoint.Ref.Id}"
            );
            if (parked > 0 && !waiting.Contains(endpoint.Ref.Id))
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>The endpoints whose backlog is resumed bit by bit, of which none is due now.</summary>
    private async Task<IReadOnlySet<string>> FindResumingAsync()
    {
        var running = await _services
            .GetRequiredService<IRecoveryStore>()
            .ListRunningAsync(100, CancellationToken.None);
        return running
            .Where(each => each.NextAt > Clock.GetUtcNow())
            .Select(each => each.Endpoint.EndpointId.ToString())
            .ToHashSet(StringComparer.Ordinal);
    }

    private async Task<bool> IsAllHeldAsync()
    {
        foreach (var status in new[] { "PENDING", "FAILED" })
        {
            var open = await _acme.GetAsync($"/v1/events?limit=100&status={status}");
            foreach (var each in open.Expect(200).Json.GetProperty("data").EnumerateArray())
            {
                var due = each.GetProperty("deliveries")
                    .EnumerateArray()
                    .Select(DeliveryView.Of)
                    .Where(delivery => delivery.NextAttemptAt <= Clock.GetUtcNow())
                    .Select(delivery => delivery.EndpointId)
                    .ToList();
                if (due.Count > 0 && !await AreHeldAsync(IdOf(each), due))
                {
                    return false;
                }
            }
        }

        return true;
    }

    private static string IdOf(JsonElement shown) => shown.GetProperty("event_id").GetString()!;

    private async Task<bool> AreHeldAsync(string eventId, List<string> endpoints)
    {
        var explained = await ExplanationView.AllAsync(_acme, eventId);
        return endpoints
            .Select(id => (Said: explained[id], Is: _endpoints.Single(one => one.Ref.Id == id)))
            .All(each => each.Is.IsDisabled || each.Said.Verdict is not ("waiting" or "retrying"));
    }

    /// <summary>Only a delivery that rests: which attempts belong to which generation is then certain.</summary>
    private async Task RedeliverAsync()
    {
        if (_events.Count == 0)
        {
            return;
        }

        var posted = _events[_random.Next(_events.Count)];
        var rests = (await _acme.EventAsync(posted.Id))
            .GetProperty("deliveries")
            .EnumerateArray()
            .Select(DeliveryView.Of)
            .Where(each => each.Status != "PENDING" && !(each.NextAttemptAt <= Clock.GetUtcNow()))
            .Select(each => (each.Status, _endpoints.Single(one => one.Ref.Id == each.EndpointId)))
            .Where(each => CanBeStarted(each.Status, each.Item2))
            .Select(each => each.Item2)
            .ToList();
        if (rests.Count > 0)
        {
            var endpoint = rests[_random.Next(rests.Count)];
            var before = _receiver.Given(endpoint.Url, posted.Id).Count;
            (
                await _acme.PostAsync(
                    $"/v1/events/{posted.Id}/redeliver",
                    $$"""{"endpoint_id":"{{endpoint.Ref.Id}}"}"""
                )
            ).Expect(202);
            posted.StartedAfter[endpoint.Ref.Id] = before;
        }
    }

    /// <summary>What is parked at an endpoint that is enabled is about to be resumed.</summary>
    private static bool CanBeStarted(string status, RunEndpoint endpoint) =>
        !endpoint.IsDeleted && (status != "PARKED" || endpoint.IsDisabled);

    private RunEndpoint PickLive()
    {
        var live = _endpoints.Where(each => !each.IsDeleted).ToList();
        return live[_random.Next(live.Count)];
    }
}
