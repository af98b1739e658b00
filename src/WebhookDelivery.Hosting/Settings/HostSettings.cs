using Microsoft.Extensions.Configuration;
using WebhookDelivery.Api;
using WebhookDelivery.Aws;
using WebhookDelivery.Core;
using WebhookDelivery.Http;

namespace WebhookDelivery.Hosting;

/// <summary>Everything that a host can be told, read from section <c>WebhookDelivery</c>.</summary>
public sealed record HostSettings
{
    /// <summary>The section's name.</summary>
    public const string Section = "WebhookDelivery";

    private const int MaxConnectionsDefault = 10_000;

    /// <summary>Which engine; default <see cref="StorageEngine.Sqlite"/>.</summary>
    public required StorageEngine Storage { get; init; }

    /// <summary>Where the database and the master key live; default <c>./data</c>. Unused on AWS.</summary>
    public required string DataDirectory { get; init; }

    /// <summary>The AWS engine's settings; null on another engine.</summary>
    public AwsEngineOptions? Aws { get; init; }

    /// <summary>The operator's key to accept; null to make one at the first start.</summary>
    public ApiKey? AdminKey { get; init; }

    /// <summary>The configured master keys; null for the key file in the data directory, or for KMS.</summary>
    public MasterKeyRing? MasterKeys { get; init; }

    /// <summary>Further keys that may have wrapped data keys, whichever the current one is; none by default.</summary>
    public IReadOnlyList<ReadOnlyMemory<byte>> PreviousMasterKeys { get; init; } = [];

    /// <summary>The KMS key that wraps tenants' data keys; null for the master key.</summary>
    public string? KmsKeyId { get; init; }

    /// <summary>What Core is told.</summary>
    public required WebhookDeliveryOptions Core { get; init; }

    /// <summary>What the sender is told.</summary>
    public required HttpSenderOptions Sender { get; init; }

    /// <summary>What the API is told.</summary>
    public required ApiOptions Api { get; init; }

    /// <summary>Most connections to the API at once; default 10,000. Further ones are closed. Unused on Lambda.</summary>
    public int MaxConnections { get; init; } = MaxConnectionsDefault;

    /// <summary>True for development: http, loopback targets and any port are allowed.</summary>
    public bool Dev { get; init; }

    /// <summary>Where the data is, in words for people.</summary>
    public string Place =>
        Aws is { } aws
            ? $"tables {aws.TablePrefix}-Tenants and {aws.TablePrefix}-Events"
            : Path.GetFullPath(DataDirectory);

    /// <summary>Reads and checks everything.</summary>
    /// <param name="configuration">The host's configuration.</param>
    /// <param name="dataDirectory">What the command line says; null to leave it to configuration.</param>
    /// <param name="dev">Whether the command line says <c>--dev</c>.</param>
    /// <param name="now">The time, for the configured operator key.</param>
    /// <param name="alsoKnown">Settings of the host's own, by their names within the section.</param>
    /// <exception cref="InvalidSettingsException">Something is wrong; it says everything that is.</exception>
    public static HostSettings Read(
        IConfiguration configuration,
        string? dataDirectory,
        bool dev,
        DateTimeOffset now,
        params IEnumerable<string> alsoKnown
    )
    {
        var reader = new SettingsReader(configuration.GetSection(Section));
        foreach (var key in alsoKnown)
        {
            reader.Allow(key);
        }

        var storage = ReadStorage(reader);
        var configuredDirectory = reader.Text("DataDirectory");
        var core = CoreSettings.Read(reader, storage);
        var aws = AwsSettings.Read(reader, storage, core.Sweeper.Retention);
        var settings = new HostSettings
        {
            Storage = storage,
            DataDirectory = dataDirectory ?? configuredDirectory ?? "./data",
            AdminKey = SecretSettings.ReadAdminKey(reader, now),
            MasterKeys = SecretSettings.ReadMasterKeys(reader),
            PreviousMasterKeys = SecretSettings.ReadPreviousKeys(reader),
            KmsKeyId = reader.Text("Secrets:KmsKeyId"),
            Core = aws is null ? core : CoreSettings.Under(aws.VisibilityTimeout, core),
            Sender = SenderSettings.Read(reader, dev),
            Api = ReadApi(reader),
            MaxConnections = reader.Whole(
                "Api:MaxConnections",
                MaxConnectionsDefault,
                1,
                1_000_000
            ),
            Aws = aws,
            Dev = dev,
        };
        CheckKeys(reader, settings);
        return reader.Faults.Count == 0
            ? settings
            : throw new InvalidSettingsException(reader.Faults);
    }

    private static ApiOptions ReadApi(SettingsReader reader)
    {
        const int MiB = 1024 * 1024;
        return new ApiOptions
        {
            MaxPayloadBytes = reader.Whole("Ingestion:MaxPayloadBytes", MiB, 1024, 4 * MiB),
            MaxBufferedBytes = reader.Whole(
                "Ingestion:MaxBufferedBytes",
                128 * MiB,
                4 * MiB,
                int.MaxValue
            ),
        };
    }

    private static StorageEngine ReadStorage(SettingsReader reader)
    {
        var text = reader.Text("Storage") ?? nameof(StorageEngine.Sqlite);
        if (
            Enum.TryParse<StorageEngine>(text, ignoreCase: true, out var storage)
            && !int.TryParse(text, out _)
        )
        {
            return storage;
        }

        reader.Fault("Storage", "must be Sqlite or Aws.");
        return StorageEngine.Sqlite;
    }

    private static void CheckKeys(SettingsReader reader, HostSettings settings)
    {
        if (settings.Storage == StorageEngine.Sqlite && settings.KmsKeyId is not null)
        {
            reader.Fault("Secrets:KmsKeyId", "is for Storage=Aws only.");
        }

        if (
            settings.Storage == StorageEngine.Aws
            && settings.KmsKeyId is null == settings.MasterKeys is null
        )
        {
            reader.Fault(
                "Secrets:KmsKeyId",
                "or Secrets:MasterKey is needed on AWS, and only one of them: what tenants' secrets are sealed under must outlive every process."
            );
        }

        if (settings.KmsKeyId is not null && settings.PreviousMasterKeys.Count > 0)
        {
            reader.Fault(
                "Secrets:PreviousMasterKeys",
                "has no use beside Secrets:KmsKeyId: KMS keeps the former versions of its keys itself."
            );
        }
    }
}
