using System.IO.Compression;
using System.Text.Json;

namespace WebhookDelivery.Testing;

/// <summary>
/// A database that a program of an earlier schema version left behind, with what it answered about it;
/// see tests/databases/README.md.
/// </summary>
public sealed class EarlierDatabase
{
    private static readonly string s_directory = Path.GetFullPath(
        Path.Combine(NpmVerifier.EmulatorsDirectory, "..", "databases")
    );

    private readonly string _name;
    private readonly JsonElement _description;

    private EarlierDatabase(string name)
    {
        _name = name;
        using var document = JsonDocument.Parse(
            File.ReadAllText(Path.Combine(s_directory, $"{name}.json"))
        );
        _description = document.RootElement.Clone();
    }

    /// <summary>Every one that is kept, by name.</summary>
    public static IReadOnlyList<string> Names { get; } =
    [
        .. Directory
            .EnumerateFiles(s_directory, "*.json")
            .Select(path => Path.GetFileNameWithoutExtension(path))
            .Order(StringComparer.Ordinal),
    ];

    /// <summary>When the program stopped.</summary>
    public DateTimeOffset MadeAt => _description.GetProperty("made_at").GetDateTimeOffset();

    /// <summary>Its schema version.</summary>
    public int Version => _description.GetProperty("version").GetInt32();

    /// <summary>The master key, as it is configured.</summary>
    public string MasterKey => Text("master_key");

    /// <summary>The operator's key.</summary>
    public string OperatorKey => Text("operator_key");

    /// <summary>The receiver that the endpoints point to; nothing listens there now.</summary>
    public string Receiver => Text("receiver");

    /// <summary>API keys by tenant.</summary>
    public IReadOnlyDictionary<string, string> ApiKeys => Map("api_keys");

    /// <summary>Endpoints' newest secrets, by endpoint id.</summary>
    public IReadOnlyDictionary<string, string> Secrets => Map("secrets");

    /// <summary>The API key of a tenant that was deleted.</summary>
    public string FormerApiKey => Text("former_api_key");

    /// <summary>Posts that were made under an idempotency key.</summary>
    public IReadOnlyList<KeyedPost> Posts =>
        [
            .. Items("idempotent")
                .Select(each => new KeyedPost(
                    each.GetProperty("tenant").GetString()!,
                    each.GetProperty("key").GetString()!,
                    each.GetProperty("body").GetString()!,
                    each.GetProperty("event_id").GetString()!
                )),
        ];

    /// <summary>What the program answered: the tenant who asked (or <c>operator</c>), path and body.</summary>
    public IReadOnlyList<(string Who, string Path, string Body)> Answers =>
        [
            .. Items("answers")
                .Select(each =>
                    (
                        each.GetProperty("key").GetString()!,
                        each.GetProperty("path").GetString()!,
                        each.GetProperty("answer").GetString()!
                    )
                ),
        ];

    /// <summary>Reads the one of a name.</summary>
    public static EarlierDatabase Read(string name) => new(name);

    /// <summary>Puts the database into a data directory, which is made if need be.</summary>
    public void Unpack(string dataDirectory)
    {
        Directory.CreateDirectory(dataDirectory);
        using var packed = File.OpenRead(Path.Combine(s_directory, $"{_name}.db.gz"));
        using var unpacked = new GZipStream(packed, CompressionMode.Decompress);
        using var target = File.Create(Path.Combine(dataDirectory, "webhooks.db"));
        unpacked.CopyTo(target);
    }

    private string Text(string name) => _description.GetProperty(name).GetString()!;

    private JsonElement.ArrayEnumerator Items(string name) =>
        _description.GetProperty(name).EnumerateArray();

    private Dictionary<string, string> Map(string name) =>
        _description
            .GetProperty(name)
            .EnumerateObject()
            .ToDictionary(
                each => each.Name,
                each => each.Value.GetString()!,
                StringComparer.Ordinal
            );
}

/// <summary>A post under an idempotency key.</summary>
/// <param name="Tenant">Whose.</param>
/// <param name="Key">The key.</param>
/// <param name="Body">The payload.</param>
/// <param name="EventId">The event that it made.</param>
public sealed record KeyedPost(string Tenant, string Key, string Body, string EventId);
