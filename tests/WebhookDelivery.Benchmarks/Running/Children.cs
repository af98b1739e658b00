using System.Diagnostics;

namespace WebhookDelivery.Benchmarks;

/// <summary>How every process of a benchmark is started, so that no arm has a better runtime.</summary>
internal static class Children
{
    public static ProcessStartInfo Of(string assembly, params IEnumerable<string> arguments)
    {
        var start = new ProcessStartInfo(Environment.ProcessPath!)
        {
            UseShellExecute = false,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        start.ArgumentList.Add(assembly);
        foreach (var argument in arguments)
        {
            start.ArgumentList.Add(argument);
        }

        var environment = start.Environment;
        environment["DOTNET_gcServer"] = "1";
        environment["DOTNET_TieredPGO"] = "1";
        environment["DOTNET_ENVIRONMENT"] = "Production";
        environment["ASPNETCORE_ENVIRONMENT"] = "Production";
        environment.Remove("ASPNETCORE_URLS");
        environment.Remove("ASPNETCORE_HTTP_PORTS");
        return start;
    }
}
