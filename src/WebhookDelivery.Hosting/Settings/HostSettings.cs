using System.Net;
using Microsoft.Extensions.Configuration;
using WebhookDelivery.Api;
using WebhookDelivery.Core;
using WebhookDelivery.Http;

namespace WebhookDelivery.Server;

/// <summary>Everything that <c>serve</c> can be told, read from section <c>WebhookDelivery</c>.</summary>
internal sealed record ServerSettings
{
    public const string Section = "WebhookDelivery";

    private static readonly IPNetwork[] s_loopback =
    [
        IPNetwork.Parse("127.0.0.0/8"),
        IPNetwork.Parse("::1/128"),
    ];

    /// <summary>Where the database and the master key live; default <c>./data</c>.</summary>
    public required string DataDirectory { get; init; }

    /// <summary>The operator's key to accept; null to make one at the first start.</summary>
    public ApiKey? AdminKey { get; init; }

    /// <summary>The master key; null for the key file in the data directory.</summary>
    public ReadOnlyMemory<byte>? MasterKey { get; init; }

    /// <summary>What Core is told.</summary>
    public required WebhookDeliveryOptions Core { get; init; }

    /// <summary>What the sender is told.</summary>
    public required HttpSenderOptions Sender { get; init; }

    /// <summary>What the API is told.</summary>
    public required ApiOptions Api { get; init; }

    /// <summary>True for development: http, loopback targets and any port are allowed.</summary>
    public bool Dev { get; init; }

    /// <summary>Reads and checks everything.</summary>
    /// <param name="configuration">The host's configuration.</param>
    /// <param name="dataDirectory">What the command line says; null to leave it to configuration.</param>
    /// <param name="dev">Whether the command line says <c>--dev</c>.</param>
    /// <param name="now">The time, for the configured operator key.</param>
    /// <exception cref="InvalidSettingsException">Something is wrong; it says everything that is.</exception>
    public static ServerSettings Read(
        IConfiguration configuration,
        string? dataDirectory,
        bool dev,
        DateTimeOffset now
    )
    {
        var reader = new SettingsReader(configuration.GetSection(Section));
        var storage = reader.Text("Storage") ?? "Sqlite";
        if (!storage.Equals("Sqlite", StringComparison.OrdinalIgnoreCase))
        {
            reader.Fault("Storage", "must be Sqlite.");
        }

        var configuredDirectory = reader.Text("DataDirectory");
        var settings = new ServerSettings
        {
            DataDirectory = dataDirectory ?? configuredDirectory ?? "./data",
            AdminKey = ReadAdminKey(reader, now),
            MasterKey = ReadMasterKey(reader),
            Core = ReadCore(reader),
            Sender = ReadSender(reader, dev),
            Api = new ApiOptions
            {
                MaxPayloadBytes = reader.Whole(
                    "Ingestion:MaxPayloadBytes",
                    1024 * 1024,
                    1024,
                    4 * 1024 * 1024
                ),
            },
            Dev = dev,
        };
        return reader.Faults.Count == 0
            ? settings
            : throw new InvalidSettingsException(reader.Faults);
    }

    private static ApiKey? ReadAdminKey(SettingsReader reader, DateTimeOffset now)
    {
        if (reader.Text("AdminKey") is not { } text)
        {
            return null;
        }

        var key = ApiKeyToken.ReadOperatorKey(text, now);
        if (key is null)
        {
            reader.Fault(
                "AdminKey",
                "must be an operator key (wha_…) as `admin-key` prints one; the checksum of this one is wrong."
            );
        }

        return key;
    }

    private static ReadOnlyMemory<byte>? ReadMasterKey(SettingsReader reader)
    {
        if (reader.Text("Secrets:MasterKey") is not { } text)
        {
            return null;
        }

        var bytes = new byte[text.Length];
        if (Convert.TryFromBase64String(text, bytes, out var length) && length == 32)
        {
            return bytes.AsMemory(0, length);
        }

        reader.Fault("Secrets:MasterKey", "must be 32 bytes in base64.");
        return null;
    }

    private static WebhookDeliveryOptions ReadCore(SettingsReader reader)
    {
        var delivery = new DeliveryOptions();
        var endpoints = new EndpointOptions();
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
            },
            Sweeper = new SweeperOptions
            {
                Retention = new Retention(
                    TimeSpan.FromDays(reader.Whole("Retention:EventDays", 30, 1, 3650)),
                    TimeSpan.FromDays(reader.Whole("Retention:DeadLetterDays", 14, 1, 3650))
                ),
            },
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

    private static HttpSenderOptions ReadSender(SettingsReader reader, bool dev)
    {
        var defaults = new HttpSenderOptions();
        var networks = new List<IPNetwork>(dev ? s_loopback : []);
        foreach (var text in reader.List("Delivery:AllowedNetworks") ?? [])
        {
            if (IPNetwork.TryParse(text, out var network))
            {
                networks.Add(network);
            }
            else
            {
                reader.Fault(
                    "Delivery:AllowedNetworks",
                    "must be networks such as 10.1.2.0/24; the address bits behind the prefix must be 0."
                );
            }
        }

        var ports = new List<int>();
        foreach (var text in reader.List("Delivery:AllowedPorts") ?? [])
        {
            if (int.TryParse(text, out var port) && port is >= 1 and <= 65535)
            {
                ports.Add(port);
            }
            else
            {
                reader.Fault("Delivery:AllowedPorts", "must be port numbers from 1 to 65535.");
            }
        }

        return defaults with
        {
            AllowHttp = reader.Flag("Delivery:AllowHttp", dev),
            AllowedNetworks = networks,
            AllowedPorts = ports.Count > 0 ? ports : defaults.AllowedPorts,
            AnyPort = dev,
        };
    }
}
