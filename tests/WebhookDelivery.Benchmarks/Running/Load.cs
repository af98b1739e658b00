namespace WebhookDelivery.Benchmarks;

/// <summary>Runs the load arm against a server; a process of its own each time.</summary>
/// <param name="Settings">Where the server is.</param>
/// <param name="Port">The server's port.</param>
/// <param name="ApiKey">The key that each request carries.</param>
/// <param name="Connections">How many requests are under way.</param>
/// <param name="ServerPid">Whose CPU time is read.</param>
internal sealed record Load(
    RunSettings Settings,
    int Port,
    string ApiKey,
    int Connections,
    int ServerPid
)
{
    /// <summary>The file to which the ids of the 201s are added; null: they are not kept.</summary>
    public string? Ids { get; init; }

    /// <summary>For a time, after a warm-up.</summary>
    public Task<LoadReport> RunAsync(
        double warmUpSeconds,
        double seconds,
        CancellationToken cancellationToken
    ) => RunAsync(["--warm-up", $"{warmUpSeconds}", "--seconds", $"{seconds}"], cancellationToken);

    /// <summary>A fixed number of requests.</summary>
    public Task<LoadReport> RunAsync(int requests, CancellationToken cancellationToken) =>
        RunAsync(["--count", $"{requests}"], cancellationToken);

    /// <summary>What a run comes to as an arm.</summary>
    public ArmFigure Figure(string arm, LoadReport report) =>
        new(arm, Connections, report.PerSecond, report.Accepted / report.CpuSeconds);

    private async Task<LoadReport> RunAsync(
        IEnumerable<string> extent,
        CancellationToken cancellationToken
    )
    {
        await using var process = ArmProcess.Start(
            Settings,
            "load",
            [
                "--port",
                $"{Port}",
                "--key",
                ApiKey,
                "--connections",
                $"{Connections}",
                "--pid",
                $"{ServerPid}",
                .. Ids is null ? Array.Empty<string>() : ["--ids", Ids],
                .. extent,
            ]
        );
        return await process.ReadAsync<LoadReport>(cancellationToken);
    }
}
