using Microsoft.AspNetCore.Builder;
using WebhookDelivery.Aws;
using WebhookDelivery.Core;
using WebhookDelivery.Hosting;

namespace WebhookDelivery.Server;

/// <summary><c>event-shards</c>: spreads a tenant's events over more DynamoDB partitions.</summary>
internal static class EventShardsCommand
{
    public static async Task<int> RunAsync(
        string tenant,
        int count,
        CancellationToken cancellationToken
    )
    {
        if (!TenantId.TryParse(tenant, out var id))
        {
            throw new StartException($"--tenant {tenant} is not a tenant's id.");
        }

        if (count < 1 || count > AwsEngine.EventShardsMax || !int.IsPow2(count))
        {
            throw new StartException(
                $"--count {count} is not a power of two from 1 to {AwsEngine.EventShardsMax}."
            );
        }

        var builder = WebApplication.CreateBuilder();
        builder.Logging.ClearProviders();
        var settings = HostSettings.Read(
            builder.Configuration,
            dataDirectory: null,
            dev: false,
            TimeProvider.System.GetUtcNow()
        );
        if (settings.Storage != StorageEngine.Aws)
        {
            throw new StartException(
                $"Event shards are DynamoDB's: {HostSettings.Section}:Storage is not Aws."
            );
        }

        await using var application = ServerHost.Build(builder, settings);
        var engine = application.Services.GetRequiredService<AwsEngine>();
        var shards = await engine.GrowEventShardsAsync(id, count, cancellationToken);
        Console.WriteLine(
            shards is null
                ? throw new StartException($"There is no tenant {tenant}.")
                : $"{tenant} has {shards} event shards; new ones are used from a minute from now."
        );
        return 0;
    }
}
