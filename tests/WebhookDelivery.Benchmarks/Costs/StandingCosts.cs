using WebhookDelivery.Core;

namespace WebhookDelivery.Benchmarks;

/// <summary>What is asked of AWS on a schedule, whether or not there are events.</summary>
/// <param name="Sweep">The requests of one round of the sweeper which finds nothing; one a minute.</param>
/// <param name="Reload">
/// The requests by which a process reads again what it knows of a tenant and of its key: at most every
/// 10 s, and only while the tenant's events come or go.
/// </param>
/// <param name="Flush">
/// The requests by which a process stores what it counted of a tenant with one endpoint: every 5 s, and
/// only while the tenant's events come or go.
/// </param>
internal sealed record StandingCosts(
    IReadOnlyList<AwsCall> Sweep,
    IReadOnlyList<AwsCall> Reload,
    IReadOnlyList<AwsCall> Flush
)
{
    /// <summary>Most flushes of a process in a minute, where its batches are full.</summary>
    public const int FlushesMax = 12;

    /// <summary>Empty polls of a server in a minute: one at a time, of 20 s each.</summary>
    public const int ServerPolls = 3;

    /// <summary>
    /// Empty polls of an event source in a minute: five at a time, of 20 s each.
    /// Source: https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-scaling.html.
    /// </summary>
    public const int EventSourcePolls = 15;

    /// <summary>Most reloads of a tenant by a process in a minute.</summary>
    public const int ReloadsMax = 6;

    /// <summary>Counts them on a host where nothing happens.</summary>
    public static async Task<StandingCosts> MeasureAsync()
    {
        await using var host = await MeteredHost.StartAsync(CostHost.Server);
        using var tenant = await MeteredTenant.CreateAsync(host, new Uri("http://127.0.0.1:9/"));
        var sweeper = host.Service<Sweeper>();

        // The first round looks at the dead letters too, which is done once an hour.
        await sweeper.SweepAsync(CancellationToken.None);
        host.Meter.Clear();
        await sweeper.SweepAsync(CancellationToken.None);
        var sweep = host.Meter.Calls;

        host.Meter.Clear();
        await ReloadAsync(host.Service<TenantDirectory>(), tenant);
        var reload = host.Meter.Calls;

        // What an event and an attempt of it count, in either function.
        await tenant.PostEventAsync("{}"u8.ToArray());
        host.Meter.Clear();
        await host.Service<StatisticsFlusher>().FlushAsync(CancellationToken.None);
        return new StandingCosts(sweep, reload, host.Meter.Calls);
    }

    private static async Task ReloadAsync(TenantDirectory directory, MeteredTenant tenant)
    {
        if (!ApiKeyToken.TryReadId(tenant.Key, out var keyId, out _))
        {
            throw new BrokenRunException("The API did not answer with a tenant's key.");
        }

        directory.Forget(tenant.Id);
        directory.ForgetApiKey(keyId);
        await directory.FindAsync(tenant.Id, CancellationToken.None);
        await directory.FindApiKeyAsync(keyId, CancellationToken.None);
    }
}
