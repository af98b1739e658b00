namespace WebhookDelivery.Sqlite;

/// <summary>Where the embedded engine keeps its data, and how much it holds in memory.</summary>
public sealed record SqliteEngineOptions
{
    /// <summary>
    /// Fewest deliveries that memory may hold of one endpoint, however many are active (64): twice the
    /// default cap of attempts at once, so that dead endpoints with a backlog slow no other.
    /// </summary>
    public const int EndpointWindowMin = 64;

    /// <summary>
    /// The directory of the database, its lock and the key file. Made, readable by its owner only,
    /// if it does not exist. One process owns it.
    /// </summary>
    public required string DataDirectory { get; init; }

    /// <summary>
    /// Most operations that wait to be written; at least 1, default 8,192. Beyond it new events are
    /// refused and other writes wait.
    /// </summary>
    public int WriterQueueMax { get; init; } = 8192;

    /// <summary>Most payload bytes that wait to be written; default 64 MiB. Beyond it new events are refused.</summary>
    public long WriterQueueBytesMax { get; init; } = 64L * 1024 * 1024;

    /// <summary>Most operations in one transaction; at least 1, default 512.</summary>
    public int BatchOperationsMax { get; init; } = 512;

    /// <summary>
    /// Payload bytes after which a transaction takes no further operation; default 4 MiB. A single
    /// operation may be larger.
    /// </summary>
    public long BatchBytesMax { get; init; } = 4L * 1024 * 1024;

    /// <summary>
    /// Most deliveries that memory holds of one endpoint, claimed ones included; at least
    /// <see cref="EndpointWindowMin"/>, default 1,024. It shrinks as more endpoints are active, to
    /// keep all together near <see cref="ClaimsMax"/>.
    /// </summary>
    public int EndpointWindowMax { get; init; } = 1024;

    /// <summary>
    /// Deliveries that memory holds of all endpoints together, before each further endpoint gets
    /// <see cref="EndpointWindowMin"/>; default 32,768.
    /// </summary>
    public int ClaimsMax { get; init; } = 32_768;

    /// <summary>Longest payload that memory keeps with a delivery; default 16 KiB. Longer ones are read when sent.</summary>
    public int PayloadInlineBytesMax { get; init; } = 16 * 1024;

    /// <summary>Most payload bytes that memory keeps with deliveries; default 64 MiB.</summary>
    public long PayloadMemoryBytesMax { get; init; } = 64L * 1024 * 1024;

    /// <summary>Free bytes on the disk below which new events are refused; default 128 MiB.</summary>
    public long DiskFreeBytesMin { get; init; } = 128L * 1024 * 1024;

    /// <summary>
    /// Size of the write-ahead log's file above which new events are refused; default 1 GiB. It gets
    /// there only if something reads for minutes.
    /// </summary>
    public long WalBytesMax { get; init; } = 1024L * 1024 * 1024;

    /// <summary>Connections for reading, at least 1; default 4.</summary>
    public int ReadersMax { get; init; } = 4;

    /// <summary>How long a write waits for a lock that another program holds; default 1 second.</summary>
    public TimeSpan BusyTimeout { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>Throws if a value is out of its bounds.</summary>
    /// <exception cref="ArgumentException">It names every such value.</exception>
    internal static void Validate(SqliteEngineOptions options)
    {
        List<string> faults =
        [
            .. AtLeast(nameof(WriterQueueMax), options.WriterQueueMax, 1),
            .. AtLeast(nameof(WriterQueueBytesMax), options.WriterQueueBytesMax, 1),
            .. AtLeast(nameof(BatchOperationsMax), options.BatchOperationsMax, 1),
            .. AtLeast(nameof(BatchBytesMax), options.BatchBytesMax, 1),
            .. AtLeast(nameof(EndpointWindowMax), options.EndpointWindowMax, EndpointWindowMin),
            .. AtLeast(nameof(ClaimsMax), options.ClaimsMax, EndpointWindowMin),
            .. AtLeast(nameof(PayloadInlineBytesMax), options.PayloadInlineBytesMax, 0),
            .. AtLeast(nameof(PayloadMemoryBytesMax), options.PayloadMemoryBytesMax, 0),
            .. AtLeast(nameof(DiskFreeBytesMin), options.DiskFreeBytesMin, 0),
            .. AtLeast(nameof(WalBytesMax), options.WalBytesMax, 1),
            .. AtLeast(nameof(ReadersMax), options.ReadersMax, 1),
            .. AtLeast(nameof(BusyTimeout), options.BusyTimeout.Ticks, 0),
        ];
        if (string.IsNullOrWhiteSpace(options.DataDirectory))
        {
            faults.Add($"{nameof(DataDirectory)} must name a directory.");
        }

        if (faults.Count > 0)
        {
            throw new ArgumentException(string.Join(' ', faults), nameof(options));
        }
    }

    private static string[] AtLeast(string name, long value, long least) =>
        value >= least ? [] : [$"{name} must be at least {least}."];
}
