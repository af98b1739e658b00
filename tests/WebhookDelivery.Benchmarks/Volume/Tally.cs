using System.Diagnostics;
using System.Net.Http.Json;

namespace WebhookDelivery.Benchmarks;

/// <summary>The tally arm's process, its settings and its counts.</summary>
internal sealed class Tally : IAsyncDisposable
{
    private static readonly TimeSpan StallMax = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan PollInterval = TimeSpan.FromMilliseconds(20);

    private readonly ArmProcess _process;
    private readonly HttpClient _http;

    private Tally(ArmProcess process, int port)
    {
        _process = process;
        _http = new HttpClient { BaseAddress = new Uri($"http://127.0.0.1:{port}") };
    }

    public static async Task<Tally> StartAsync(
        RunSettings settings,
        CancellationToken cancellationToken
    )
    {
        var process = ArmProcess.Start(settings, "tally");
        var address = await process.ReadAsync<ArmAddress>(cancellationToken);
        return new Tally(process, address.Port);
    }

    /// <summary>The URL of a receiver.</summary>
    public Uri Target(string name) => new(_http.BaseAddress!, $"/hook/{name}");

    /// <summary>Sets how long a receiver takes to answer; <see cref="Receiver.Never"/> for one that hangs.</summary>
    public Task PaceAsync(string name, int milliseconds, CancellationToken cancellationToken) =>
        PostAsync($"/pace/{name}?ms={milliseconds}", cancellationToken);

    /// <summary>Begins to count anew; what is set stays.</summary>
    public Task ForgetAsync(CancellationToken cancellationToken) =>
        PostAsync("/forget", cancellationToken);

    public async Task<TallyReport> ReadAsync(CancellationToken cancellationToken) =>
        (await _http.GetFromJsonAsync<TallyReport>("/tally", cancellationToken))!;

    /// <summary>When each id arrived first at a receiver.</summary>
    public async Task<Dictionary<string, long>> ReceiptsAsync(
        string name,
        CancellationToken cancellationToken
    ) =>
        (
            await _http.GetFromJsonAsync<Dictionary<string, long>>(
                $"/receipts/{name}",
                cancellationToken
            )
        )!;

    /// <summary>The counts as soon as they satisfy a condition.</summary>
    /// <exception cref="BrokenRunException">Nothing more arrives, and they do not.</exception>
    public async Task<TallyReport> UntilAsync(
        Func<TallyReport, bool> satisfied,
        CancellationToken cancellationToken
    )
    {
        var seen = -1L;
        for (var stall = Stopwatch.StartNew(); stall.Elapsed < StallMax; )
        {
            var report = await ReadAsync(cancellationToken);
            if (satisfied(report))
            {
                return report;
            }

            var requests = report.Receivers.Sum(one => one.Requests);
            if (requests > seen)
            {
                seen = requests;
                stall.Restart();
            }

            await Task.Delay(PollInterval, cancellationToken);
        }

        throw new BrokenRunException($"The receivers wait in vain: {seen} requests arrived.");
    }

    public async ValueTask DisposeAsync()
    {
        _http.Dispose();
        await _process.DisposeAsync();
    }

    private async Task PostAsync(string path, CancellationToken cancellationToken)
    {
        using var response = await _http.PostAsync(path, content: null, cancellationToken);
        response.EnsureSuccessStatusCode();
    }
}
