using WebhookDelivery.Core;

namespace WebhookDelivery.Simulation.Tests;

/// <summary>What people read, and their keys.</summary>
internal sealed partial class Users
{
    /// <summary>What was accepted can be read from then on.</summary>
    private async Task ReadAsync()
    {
        var answered = Journal.Posts.Where(each => each.Answers.Count > 0).ToList();
        if (answered.Count > 0)
        {
            var post = Some(answered);
            var stored = await AskAsync(host =>
                host.Get<IEventStore>()
                    .FindAsync(post.Tenant, post.Answers[0].Event, CancellationToken.None)
            );
            if (stored is null && !_world.WasDeleted(post.Tenant))
            {
                Journal.Violate($"Post {post.Number} was accepted, and cannot be read.");
            }
        }
    }

    /// <summary>A key is good until revoking it is answered, and for no longer than caches last then.</summary>
    private async Task RevokeAsync()
    {
        var tenant = Some(_tenants);
        var made = await AskAsync(host =>
            host.Get<TenantAdministration>().CreateApiKeyAsync(tenant, null, CancellationToken.None)
        );
        if (made is not ApiKeyCreation.Created(var text, var key))
        {
            return;
        }

        if (await IsGoodAsync(text) is false && !_world.WasDeleted(tenant))
        {
            Journal.Violate($"A new key of {tenant} is no good.");
        }

        while (!await TryRevokeAsync(tenant, key.Id))
        {
            await PauseAsync(TimeSpan.FromSeconds(5));
        }

        var cached = _world.Scenario.Options.Directory.CacheFor;
        if (cached > TimeSpan.Zero)
        {
            await Task.Delay(cached + _world.Scenario.SkewMax + _world.Wall.SetBack, _clock);
        }

        if (await IsGoodAsync(text) is true && _world.Scenario.ClockJumps == 0)
        {
            Journal.Violate($"A key of {tenant} is good although it was revoked.");
        }
    }

    private async Task<bool> TryRevokeAsync(TenantId tenant, string keyId)
    {
        try
        {
            await AskAsync(host =>
                host.Get<TenantAdministration>()
                    .RevokeApiKeyAsync(tenant, keyId, CancellationToken.None)
            );
            return true;
        }
        catch (Exception exception)
            when (exception is StoreUnavailableException or ProcessDiedException)
        {
            return false;
        }
    }

    /// <summary>Whether a key is good; null if that cannot be found out now.</summary>
    private async Task<bool?> IsGoodAsync(string text)
    {
        try
        {
            return await AskAsync(host =>
                host.Get<ApiKeyAuthenticator>().AuthenticateAsync(text, CancellationToken.None)
            )
                is not null;
        }
        catch (Exception exception)
            when (exception is StoreUnavailableException or ProcessDiedException)
        {
            return null;
        }
    }
}
