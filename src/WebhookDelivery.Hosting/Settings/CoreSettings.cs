using WebhookDelivery.Core;

namespace WebhookDelivery.Hosting;

/// <summary>Reads what Core is told: sections Delivery, Endpoints and Retention.</summary>
internal static class CoreSettings
{
    /// <summary>Most claims held under leases that end by time: what can be attempted within one.</summary>
    private const int LeasedMax = 8192;

    public static WebhookDeliveryOptions Read(SettingsReader reader, StorageEngine storage)
    {
        var delivery = new DeliveryOptions();
        var endpoints = new EndpointOptions();
        var tenants = new TenantOptions();
        var health = new EndpointHealthOptions();
        var retention = new Retention(
            TimeSpan.FromDays(reader.Whole("Retention:EventDays", 30, 1, 3650)),
            TimeSpan.FromDays(reader.Whole("Retention:DeadLetterDays", 14, 1, 3650))
        )
        {
            Statistics = TimeSpan.FromDays(reader.Whole("Retention:StatisticsDays", 30, 1, 3650)),
        };
        return new WebhookDeliveryOptions
        {
            Delivery = delivery with
            {
                RetrySchedule = ReadSchedule(reader),
                Timeout = reader.Seconds(
                    "Delivery:TimeoutSeconds",
                    delivery.Timeout,
                    1,
                    DeliveryOptions.TimeoutMax.TotalSeconds
                ),
                MaxInFlight = reader.Whole(
                    "Delivery:MaxInFlight",
                    delivery.MaxInFlight,
                    1,
                    100_000
                ),
                MaxInFlightPerTenant = reader.Whole(
                    "Delivery:MaxInFlightPerTenant",
                    delivery.MaxInFlightPerTenant,
                    1,
                    100_000
                ),
                MaxInFlightPerEndpoint = reader.Whole(
                    "Delivery:MaxInFlightPerEndpoint",
                    delivery.MaxInFlightPerEndpoint,
                    1,
                    1000
                ),
                InFlightPayloadBytesMax = reader.Whole(
                    "Delivery:InFlightPayloadBytesMax",
                    (int)delivery.InFlightPayloadBytesMax,
                    1,
                    int.MaxValue
                ),
                HeldMax = storage == StorageEngine.Aws ? LeasedMax : delivery.HeldMax,
                GenerationsMax = reader.Whole(
                    "Delivery:GenerationsMax",
                    delivery.GenerationsMax,
                    1,
                    10_000
                ),
                DrainRatePerSecond = reader.Whole(
                    "Delivery:DrainRatePerSecond",
                    (int)delivery.DrainRatePerSecond,
                    1,
                    100_000
                ),
                Paused = reader.Flag("Delivery:Paused", false),
            },
            Endpoints = endpoints with
            {
                EndpointsPerTenantMax = reader.Whole(
                    "Endpoints:PerTenantMax",
                    endpoints.EndpointsPerTenantMax,
                    1,
                    10_000
                ),
                DeletedPerTenantMax = reader.Whole(
                    "Endpoints:DeletedPerTenantMax",
                    endpoints.DeletedPerTenantMax,
                    1,
                    100_000
                ),
                DeletedCountFor =
                    retention.Events > retention.DeadLetters
                        ? retention.Events
                        : retention.DeadLetters,
            },
            Tenants = tenants with
            {
                ApiKeysMax = reader.Whole("Tenants:ApiKeysMax", tenants.ApiKeysMax, 1, 10_000),
            },
            // Several processes: what one changes, the others see when they read it again.
            Directory = new TenantDirectoryOptions
            {
                CacheFor =
                    storage == StorageEngine.Aws
                        ? TimeSpan.FromSeconds(10)
                        : Timeout.InfiniteTimeSpan,
            },
            Health = health with
            {
                DisableAfter = reader.Span(
                    "Delivery:DisableAfter",
                    health.DisableAfter,
                    TimeSpan.FromMinutes(1),
                    TimeSpan.FromDays(365)
                ),
            },
            Sweeper = new SweeperOptions { Retention = retention },
        };
    }

    /// <summary>With no more of a lease asked for than a short one has.</summary>
    public static WebhookDeliveryOptions Under(TimeSpan lease, WebhookDeliveryOptions options)
    {
        var margin = lease / 3;
        return margin >= options.Delivery.LeaseMargin
            ? options
            : options with
            {
                Delivery = options.Delivery with { LeaseMargin = margin },
            };
    }

    private static RetrySchedule ReadSchedule(SettingsReader reader)
    {
        const string Key = "Delivery:RetrySchedule";
        if (reader.List(Key) is not { } waits)
        {
            return RetrySchedule.Default;
        }

        var schedule = RetrySchedule.Parse(waits, out var fault);
        if (fault is not null)
        {
            reader.Fault(Key, "is not a retry schedule: " + fault);
        }

        return schedule ?? RetrySchedule.Default;
    }
}
