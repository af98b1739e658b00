namespace WebhookDelivery.Benchmarks;

/// <summary>Runs the paced arm against a server; a process of its own each time.</summary>
/// <param name="Settings">Where the server is.</param>
/// <param name="Port">The server's port.</param>
/// <param name="ApiKey">The key that each request carries.</param>
/// <param name="PerSecond">Requests per second.</param>
/// <param name="ServerPid">Whose CPU time is read.</param>
internal sealed record PacedLoad(
    RunSettings Settings,
    int Port,
    string ApiKey,
    int PerSecond,
    int ServerPid
)
{
    public async Task<PacedReport> RunAsync(double seconds, CancellationToken cancellationToken)
    {
        await using var process = ArmProcess.Start(
            Settings,
            "paced",
            "--port",
            $"{Port}",
            "--key",
            ApiKey,
            "--rate",
            $"{PerSecond}",
            "--seconds",
            $"{seconds}",
            "--pid",
            $"{ServerPid}"
        );
        return await process.ReadAsync<PacedReport>(cancellationToken);
    }
}
