using System.Diagnostics;
using System.Net.Http.Json;

namespace WebhookDelivery.Benchmarks;

/// <summary>The sink's process, and its count.</summary>
internal sealed class Sink : IAsyncDisposable
{
    private static readonly TimeSpan StallMax = TimeSpan.FromSeconds(30);

    private readonly ArmProcess _process;
    private readonly HttpClient _http;

    private Sink(ArmProcess process, int port)
    {
        _process = process;
        _http = new HttpClient { BaseAddress = new Uri($"http://127.0.0.1:{port}") };
    }

    /// <summary>Where webhooks go.</summary>
    public Uri Target => new(_http.BaseAddress!, "/hook");

    public static async Task<Sink> StartAsync(
        RunSettings settings,
        CancellationToken cancellationToken
    )
    {
        var process = ArmProcess.Start(settings, "sink");
        var address = await process.ReadAsync<ArmAddress>(cancellationToken);
        return new Sink(process, address.Port);
    }

    /// <summary>Begins a new count.</summary>
    public Task ExpectAsync(
        RunSettings settings,
        long events,
        int senderPid,
        CancellationToken cancellationToken
    ) => ExpectAsync(settings, events, senderPid, helperPid: 0, cancellationToken);

    /// <summary>Begins a new count, of a sender of two processes.</summary>
    public async Task ExpectAsync(
        RunSettings settings,
        long events,
        int senderPid,
        int helperPid,
        CancellationToken cancellationToken
    )
    {
        var expectation = new SinkExpectation(
            (int)events,
            (int)(events * settings.TimedFrom),
            senderPid,
            helperPid
        );
        using var response = await _http.PostAsJsonAsync("/expect", expectation, cancellationToken);
        response.EnsureSuccessStatusCode();
    }

    /// <summary>The count as it is now.</summary>
    public Task<SinkReport> ReportAsync(CancellationToken cancellationToken) =>
        WaitAsync(0, cancellationToken);

    /// <summary>The count once it is complete, or once nothing more arrives.</summary>
    public async Task<SinkReport> CompleteAsync(long events, CancellationToken cancellationToken)
    {
        var report = await WaitAsync(1000, cancellationToken);
        for (var stall = Stopwatch.StartNew(); report.Distinct < events; )
        {
            var next = await WaitAsync(1000, cancellationToken);
            if (next.Requests > report.Requests)
            {
                stall.Restart();
            }
            else if (stall.Elapsed > StallMax)
            {
                return next;
            }

            report = next;
        }

        return report;
    }

    /// <summary>Compares the count with the ids of 201s that a load has recorded in a file.</summary>
    public async Task<IdsMatch> MatchAsync(string path, CancellationToken cancellationToken)
    {
        var query = $"/match?ids={Uri.EscapeDataString(path)}";
        return (await _http.GetFromJsonAsync<IdsMatch>(query, cancellationToken))!;
    }

    public async ValueTask DisposeAsync()
    {
        _http.Dispose();
        await _process.DisposeAsync();
    }

    private async Task<SinkReport> WaitAsync(int milliseconds, CancellationToken cancellationToken)
    {
        var path = $"/count?wait_ms={milliseconds}";
        return (await _http.GetFromJsonAsync<SinkReport>(path, cancellationToken))!;
    }
}
