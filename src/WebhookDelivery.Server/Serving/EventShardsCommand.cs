using System.CommandLine;
using WebhookDelivery.Aws;
using WebhookDelivery.Core;
using WebhookDelivery.Hosting;

namespace WebhookDelivery.Server;

/// <summary><c>event-shards</c>: spreads a tenant's events over more DynamoDB partitions.</summary>
internal static class EventShardsCommand
{
    /// <summary>The command with its options.</summary>
    public static Command Define()
    {
        var tenant = new Option<string>("--tenant")
        {
            Description = "The tenant's id.",
            Required = true,
        };
        var count = new Option<int>("--count")
        {
            Description = "How many shards, a power of two up to 32; it can only grow.",
            Required = true,
        };
        var command = new Command(
            "event-shards",
            "On AWS: spread a tenant's events over more partitions, some 500 events/s each."
        )
        {
            tenant,
            count,
        };
        command.SetAction(
            (parsed, cancellation) =>
                RunAsync(parsed.GetValue(tenant)!, parsed.GetValue(count), cancellation)
        );
        return command;
    }

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

        var host = CommandHost.Read(data: null);
        if (host.Settings.Storage != StorageEngine.Aws)
        {
            throw new StartException(
                $"Event shards are DynamoDB's: {HostSettings.Section}:Storage is not Aws."
            );
        }

        await using var application = host.OpenStore();
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
