using WebhookDelivery.Core;
using WebhookDelivery.Signatures;
using EventId = WebhookDelivery.Core.EventId;

namespace WebhookDelivery.Simulation.Tests;

/// <summary>The people who use the platform: what they ask of it, and what they make of its answers.</summary>
internal sealed partial class Users
{
    private static readonly SigningSecret s_secret = Parse(
        "whsec_c2ltdWxhdGVkIHNlY3JldCBvZiAzMiBieXRlcyEhISE="
    );

    private readonly World _world;
    private readonly SimulatedProcess _process;
    private readonly SimulatedClock _clock;
    private readonly List<EndpointKey> _endpoints = [];
    private readonly List<TenantId> _tenants = [];
    private int _unfinished = 1;

    public Users(World world)
    {
        _world = world;
        _process = world.NewBystander();
        _clock = new SimulatedClock(world.Scheduler, _process, world.Wall, TimeSpan.Zero);
    }

    public bool AreDone => _unfinished == 0;

    private Random Random => _world.Random;

    private Journal Journal => _world.Journal;

    /// <summary>Sets tenants up, then acts; what is to begin with the acting is called in between.</summary>
    public void Start(Action begin) =>
        _process.Start(async () =>
        {
            for (var i = 0; i < _world.Scenario.Tenants; i++)
            {
                await AddTenantAsync(TenantId.Parse($"tenant-{i}"));
            }

            begin();
            for (var i = 0; i < _world.Scenario.Clients; i++)
            {
                _unfinished++;
                _process.Start(ActAsync);
            }

            _unfinished--;
        });

    private async Task ActAsync()
    {
        for (var i = 0; i < _world.Scenario.ActionsPerClient; i++)
        {
            await PauseAsync(_world.Scenario.PauseMax);
            try
            {
                await ActOnceAsync();
            }
            catch (Exception exception)
                when (exception is StoreUnavailableException or ProcessDiedException)
            {
                // Answered 503, or not at all: some people leave it at that.
            }
        }

        _unfinished--;
    }

    private Task ActOnceAsync() =>
        Random.Next(54) switch
        {
            < 24 => PostSomethingAsync(),
            < 27 => ToggleAsync(),
            < 28 => DeleteAsync(),
            < 30 => AddEndpointAsync(Some(_tenants)),
            < 32 => ChangeLimitsAsync(),
            < 35 => RequeueAsync(),
            < 39 => RedeliverAsync(),
            < 40 => DeleteTenantAsync(),
            < 42 => RevokeAsync(),
            < 45 => ReadAsync(),
            < 48 => CancelAsync(),
            < 50 => RecoverAsync(),
            < 51 => ReplayAsync(),
            _ => ChangeBehaviour(),
        };

    private async Task PostSomethingAsync()
    {
        var reused = Journal.Posts.Where(each => each is { Key: not null, Answers.Count: > 0 });
        var key = Random.Next(2) == 0 ? $"key-{Random.Next()}" : null;
        var type = Random.Next(3) switch
        {
            0 => null,
            1 => "order.created",
            _ => "refund",
        };
        if (Random.Next(12) == 0 && reused.FirstOrDefault() is { } before)
        {
            await ReuseKeyAsync(before);
            return;
        }

        var post = Journal.NewPost(Some(_tenants), key, type);
        var together = key is not null && Random.Next(3) == 0 ? Random.Next(2, 4) : 1;
        await Task.WhenAll(Enumerable.Range(0, together).Select(_ => InsistAsync(post)));
    }

    /// <summary>Posts until it is answered, or patience ends.</summary>
    private async Task InsistAsync(Post post)
    {
        for (var tries = Random.Next(1, 4); tries > 0; tries--)
        {
            try
            {
                await PostAsync(post);
                return;
            }
            catch (Exception exception)
                when (exception is StoreUnavailableException or ProcessDiedException)
            {
                await PauseAsync(TimeSpan.FromSeconds(5));
            }
        }
    }

    private async Task PostAsync(Post post)
    {
        post.Tries++;
        switch (await IngestAsync(post.Tenant, post.Body, post.Key, post.Type))
        {
            case IngestOutcome.Accepted accepted:
                Journal.Answered(post, accepted.EventId, accepted.Endpoints);
                break;
            case IngestOutcome.Replayed replayed when post.Key is not null:
                Journal.Answered(post, replayed.EventId, replayed.Endpoints);
                break;
            case IngestOutcome.NoTenant when _world.WasDeleted(post.Tenant):
                break;
            case var other:
                Journal.Violate($"Post {post.Number} was answered {other}.");
                break;
        }
    }

    private async Task ReuseKeyAsync(Post before)
    {
        var other = Journal.NewPost(before.Tenant, before.Key, before.Type);
        var outcome = await IngestAsync(other.Tenant, other.Body, other.Key, other.Type);
        if (outcome is not IngestOutcome.KeyReused && !_world.WasDeleted(before.Tenant))
        {
            Journal.Violate($"The key of post {before.Number} was taken again: {outcome}.");
        }
    }

    private Task<IngestOutcome> IngestAsync(
        TenantId tenant,
        byte[] body,
        string? key,
        string? type
    ) =>
        AskAsync(host =>
            host.Get<EventIngestor>()
                .IngestAsync(
                    new IngestRequest
                    {
                        TenantId = tenant,
                        Payload = body,
                        IdempotencyKey = key,
                        Type = type,
                    },
                    CancellationToken.None
                )
        );

    private async Task AddTenantAsync(TenantId tenant)
    {
        _tenants.Add(tenant);
        await AskAsync(host =>
            host.Get<TenantAdministration>()
                .CreateAsync(new TenantDraft { Id = tenant }, CancellationToken.None)
        );
        for (var count = Random.Next(1, 4); count > 0; count--)
        {
            await AddEndpointAsync(tenant);
        }
    }

    private async Task AddEndpointAsync(TenantId tenant)
    {
        var result = await AskAsync(host =>
            host.Get<EndpointAdministration>()
                .CreateAsync(tenant, NewDraft(tenant), CancellationToken.None)
        );
        if (result is EndpointResult.Done { Endpoint.Key: var key })
        {
            _endpoints.Add(key);
            _world.Receivers.Set(key, IsSpared(tenant) ? SomeQuickBehaviour() : SomeBehaviour());
            _world.Trace.Say($"{key} is added, {_world.Tenants.Find(key)?.MaxInFlight} at once");
        }
    }

    private EndpointDraft NewDraft(TenantId tenant)
    {
        var operational = Random.Next(5) == 0 && !IsSpared(tenant);
        return new()
        {
            Operational = operational,
            Url = "https://receiver.example/hook",
            Secret = s_secret,
            EventTypes =
                Random.Next(4) == 0 && !operational
                    ? EventTypeFilter.Parse(["order.*"], out _)!
                    : EventTypeFilter.All,
            RetrySchedule = Random.Next(4) switch
            {
                0 => RetrySchedule.Parse(["500ms", "3s", "10s", "20s"], out _),
                1 => RetrySchedule.Parse([], out _),
                2 => RetrySchedule.Parse(["40s"], out _),
                _ => null,
            },
            Timeout = Random.Next(3) == 0 ? TimeSpan.FromSeconds(Random.Next(1, 8)) : null,
            MaxInFlight = Random.Next(2) == 0 && !IsSpared(tenant) ? Random.Next(1, 4) : null,
            RateLimitPerSecond =
                Random.Next(4) == 0 && !IsSpared(tenant) ? Random.Next(1, 4) : null,
            Disabled = Random.Next(8) == 0 && !IsSpared(tenant),
        };
    }

    private async Task ToggleAsync()
    {
        if (SomeEndpoint() is { } key && _world.Tenants.Find(key) is { } now)
        {
            await AskAsync(host =>
                host.Get<EndpointAdministration>()
                    .UpdateAsync(
                        key,
                        new EndpointPatch { Disabled = !now.Disabled },
                        CancellationToken.None
                    )
            );
        }
    }

    private async Task ChangeLimitsAsync()
    {
        if (SomeEndpoint() is { } key)
        {
            await AskAsync(host =>
                host.Get<EndpointAdministration>()
                    .UpdateAsync(
                        key,
                        new EndpointPatch
                        {
                            MaxInFlight = Random.Next(1, 4),
                            RateLimitPerSecond = Random.Next(1, 6),
                        },
                        CancellationToken.None
                    )
            );
        }
    }

    private async Task DeleteAsync()
    {
        if (SomeEndpoint() is { } key)
        {
            await AskAsync(host =>
                host.Get<EndpointAdministration>().DeleteAsync(key, CancellationToken.None)
            );
        }
    }

    private async Task DeleteTenantAsync()
    {
        var tenant = Some(_tenants);
        if (!IsSpared(tenant))
        {
            _world.Deleting(tenant);
            await AskAsync(host =>
                host.Get<TenantAdministration>().DeleteAsync(tenant, CancellationToken.None)
            );
        }
    }

    private async Task RequeueAsync()
    {
        TenantId? tenant = Random.Next(2) == 0 ? Some(_tenants) : null;
        await AskAsync(host =>
            host.Get<DeadLetterRequeuer>()
                .RequeueAsync(
                    new RequeueFilter { TenantId = tenant, MaxMessages = Random.Next(1, 20) },
                    CancellationToken.None
                )
        );
    }

    private Task ChangeBehaviour()
    {
        if (SomeEndpoint() is { } key)
        {
            _world.Receivers.Set(key, SomeBehaviour());
        }

        return Task.CompletedTask;
    }

    private Task<T> AskAsync<T>(Func<Host, ValueTask<T>> work) =>
        Some(_world.Hosts).AskAsync(host => work(host).AsTask());

    private Task PauseAsync(TimeSpan most) => Task.Delay(most * Random.NextDouble(), _clock);

    private bool IsSpared(TenantId tenant) => _world.IsSpared(tenant);

    private EndpointKey? SomeEndpoint()
    {
        var known = _endpoints.Where(each => !IsSpared(each.TenantId)).ToList();
        return known.Count == 0 ? null : Some(known);
    }

    private Behaviour SomeQuickBehaviour() =>
        Random.Next(2) == 0 ? Behaviour.Up : Behaviour.Flapping;

    private Behaviour SomeBehaviour() =>
        Random.Next(3) == 0 ? Behaviour.Up : (Behaviour)Random.Next((int)Behaviour.Asking + 1);

    private T Some<T>(IReadOnlyList<T> all) => all[Random.Next(all.Count)];

    private static SigningSecret Parse(string text) =>
        SigningSecret.TryParse(text, out var secret)
            ? secret
            : throw new InvalidOperationException("The secret is not one.");
}
