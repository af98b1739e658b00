using System.Diagnostics;
using WebhookDelivery.Testing;

namespace WebhookDelivery.EndToEnd.Tests;

/// <summary>
/// A <c>serve</c> process under every hostile receiver of the catalogue, twenty deliveries each,
/// beside a healthy tenant that posts before, meanwhile and after. Run once; the tests look at what it
/// left.
/// </summary>
public sealed class HostileLoad : IAsyncLifetime
{
    /// <summary>Deliveries to each receiver.</summary>
    public const int DeliveriesEach = 20;

    /// <summary>
    /// Threads and descriptors more or less: the runtime's, the healthy tenant's, and up to four
    /// connections to the database, opened as they are first needed, of two or three files each. A leak
    /// of one in a hundred deliveries would be more.
    /// </summary>
    public const int Slack = 20;

    private const int EndpointsPerTenant = 4;

    /// <summary>Before and after: what else the machine does may change meanwhile.</summary>
    private static readonly TimeSpan s_aloneFor = TimeSpan.FromSeconds(4);

    /// <summary>What is compiled at first use is nobody's doing.</summary>
    private static readonly TimeSpan s_warmUp = TimeSpan.FromSeconds(2);

    private static readonly TimeSpan s_roundEvery = TimeSpan.FromMilliseconds(1000);

    private readonly TemporaryDirectory _directory = new();
    private readonly List<HostileAttempt> _attempts = [];
    private readonly List<TimeSpan> _alone = [];

    /// <summary>The attempts' deadline: long beside what a loaded machine adds.</summary>
    public static TimeSpan Deadline { get; } = TimeSpan.FromSeconds(3);

    internal IReadOnlyList<HostileAttempt> Attempts => _attempts;

    /// <summary>How long the healthy tenant's events took with nobody else there.</summary>
    internal IReadOnlyList<TimeSpan> Alone => _alone;

    /// <summary>How long they took among the hostile.</summary>
    internal IReadOnlyList<TimeSpan> Among { get; private set; } = [];

    /// <summary>Processor time that the process took meanwhile.</summary>
    internal TimeSpan ProcessorAmong { get; private set; }

    /// <summary>What the process held before.</summary>
    internal ProcessUse Before { get; private set; } = null!;

    /// <summary>Most memory that it held meanwhile.</summary>
    internal long ResidentBytesPeak { get; private set; }

    /// <summary>What it held in the end: as soon as that was what it held before, or after a minute.</summary>
    internal ProcessUse After { get; private set; } = null!;

    /// <summary>From the last post until no delivery was open.</summary>
    internal TimeSpan SettledIn { get; private set; }

    /// <summary>All that the API said of attempts.</summary>
    internal string ApiText { get; private set; } = "";

    /// <summary>All that the process printed.</summary>
    internal string Transcript { get; private set; } = "";

    internal int ExitCode { get; private set; } = -1;

    public async ValueTask InitializeAsync()
    {
        await using var server = new Served();
        await server.StartAsync(Environment());
        await using var healthy = await HealthyTenant.CreateAsync(server);
        await healthy.MeasureAsync(Task.Delay(s_warmUp));
        // Nor is what memory ordinary work takes, on events as large as theirs.
        await healthy.PostLargeAsync(DeliveriesEach);
        _alone.AddRange(await healthy.MeasureAsync(Task.Delay(s_aloneFor)));

        var tenants = await AddTenantsAsync(server);
        Before = ProcessUse.Of(server.Process.Id);
        using var over = new CancellationTokenSource();
        var watching = WatchAsync(server.Process.Id, over.Token);
        // The first of each is as cold as the healthy tenant's first were.
        await PostAsync(tenants, rounds: 1);
        await healthy.MeasureAsync(Task.Delay(s_warmUp));
        var start = ProcessUse.Of(server.Process.Id);
        Among = await healthy.MeasureAsync(PostAsync(tenants, DeliveriesEach - 1));
        ProcessorAmong = ProcessUse.Of(server.Process.Id).Processor - start.Processor;
        await SettleAsync(server, tenants);
        await over.CancelAsync();
        await watching;
        await CollectAsync(tenants);
        foreach (var tenant in tenants)
        {
            await tenant.DisposeAsync();
        }

        _alone.AddRange(await healthy.MeasureAsync(Task.Delay(s_aloneFor)));
        await WaitUntilGivenBackAsync(server.Process.Id);
        ExitCode = (await server.StopAsync()).ExitCode;
        Transcript = server.Process.Transcript;
    }

    public ValueTask DisposeAsync()
    {
        _directory.Dispose();
        return default;
    }

    /// <summary>The process trusts the catalogue's authority, and logs every attempt.</summary>
    private string[] Environment()
    {
        var roots = Path.Combine(_directory.Path, "roots.pem");
        File.WriteAllText(roots, TlsReceivers.Root.ExportCertificatePem());
        return
        [
            "env",
            $"SSL_CERT_FILE={roots}",
            "Logging__LogLevel__WebhookDelivery.Core.DeliveryRunner=Information",
        ];
    }

    private static async Task<IReadOnlyList<HostileTenant>> AddTenantsAsync(Served server)
    {
        var groups = HostileReceivers
            .All.GroupBy(receiver => receiver.PayloadBytes)
            .SelectMany(group => group.Chunk(EndpointsPerTenant));
        var tenants = new List<HostileTenant>();
        foreach (var group in groups)
        {
            tenants.Add(
                await HostileTenant.CreateAsync(server, $"hostile-{tenants.Count}", group, Deadline)
            );
        }

        return tenants;
    }

    /// <summary>The tenants post in turn, all of them once a round.</summary>
    private static async Task PostAsync(IReadOnlyList<HostileTenant> tenants, int rounds)
    {
        var start = Stopwatch.GetTimestamp();
        for (var post = 1; post <= rounds * tenants.Count; post++)
        {
            await tenants[post % tenants.Count].PostAsync();
            var wait = (s_roundEvery / tenants.Count * post) - Stopwatch.GetElapsedTime(start);
            await Task.Delay(wait > TimeSpan.Zero ? wait : TimeSpan.Zero, CancellationToken.None);
        }
    }

    private async Task SettleAsync(Served server, IReadOnlyList<HostileTenant> tenants)
    {
        var posted = Stopwatch.GetTimestamp();
        foreach (var tenant in tenants)
        {
            await server.WaitUntilSettledAsync(tenant.Key, Served.Patience);
        }

        SettledIn = Stopwatch.GetElapsedTime(posted);
    }

    private async Task WatchAsync(int processId, CancellationToken over)
    {
        while (!over.IsCancellationRequested)
        {
            ResidentBytesPeak = Math.Max(ResidentBytesPeak, ProcessUse.Of(processId).ResidentBytes);
            await Task.Delay(50, CancellationToken.None);
        }
    }

    private async Task CollectAsync(IReadOnlyList<HostileTenant> tenants)
    {
        foreach (var tenant in tenants)
        {
            var (attempts, text) = await tenant.AttemptsAsync();
            _attempts.AddRange(attempts);
            ApiText += text;
        }
    }

    /// <summary>Idle connections are kept for 30 s, idle threads for 20 s.</summary>
    private async Task WaitUntilGivenBackAsync(int processId)
    {
        var start = Stopwatch.GetTimestamp();
        do
        {
            await Task.Delay(200, CancellationToken.None);
            After = ProcessUse.Of(processId);
        } while (
            (
                After.Descriptors > Before.Descriptors + Slack
                || After.Threads > Before.Threads + Slack
            )
            && Stopwatch.GetElapsedTime(start) < Served.Patience
        );
    }
}
