using System.Diagnostics;

namespace WebhookDelivery.Benchmarks;

/// <summary>
/// How every process of a benchmark is started: on the runtime configuration that the server is
/// shipped with (its garbage collector, JIT and thread pool), so that no arm has a better one.
/// </summary>
internal static class Children
{
    public static ProcessStartInfo Of(
        RunSettings settings,
        string assembly,
        params IEnumerable<string> arguments
    )
    {
        var start = new ProcessStartInfo(Environment.ProcessPath!)
        {
            UseShellExecute = false,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        start.ArgumentList.Add("exec");
        start.ArgumentList.Add("--runtimeconfig");
        start.ArgumentList.Add(
            Path.ChangeExtension(settings.ServerAssembly, ".runtimeconfig.json")
        );
        start.ArgumentList.Add(assembly);
        foreach (var argument in arguments)
        {
            start.ArgumentList.Add(argument);
        }

        var environment = start.Environment;
        environment["DOTNET_ENVIRONMENT"] = "Production";
        environment["ASPNETCORE_ENVIRONMENT"] = "Production";
        environment.Remove("ASPNETCORE_URLS");
        environment.Remove("ASPNETCORE_HTTP_PORTS");
        return start;
    }
}
