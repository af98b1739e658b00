using System.Net;
using System.Text.Json;
using Microsoft.AspNetCore.Server.Kestrel.Core;

namespace WebhookDelivery.Benchmarks;

/// <summary>
/// Runs Kestrel on a free port of the loopback, says which in one line, and ends when the standard
/// input does, so that no arm outlives the orchestrator.
/// </summary>
internal static class KestrelArm
{
    public static async Task<int> RunAsync(RequestDelegate answer)
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore();
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = true;
            kestrel.Listen(IPAddress.Loopback, 0, on => on.Protocols = HttpProtocols.Http1);
        });
        await using var app = builder.Build();
        app.Run(answer);
        await app.StartAsync();

        var port = new Uri(app.Urls.First()).Port;
        Console.WriteLine(JsonSerializer.Serialize(new ArmAddress(port)));

        // Reading the console blocks whatever thread it is on, and a signal must end the arm as well.
        var orphaned = Task.Run(Console.In.ReadToEnd);
        await Task.WhenAny(orphaned, app.WaitForShutdownAsync());
        await app.StopAsync();
        return ExitCodes.Passed;
    }
}
