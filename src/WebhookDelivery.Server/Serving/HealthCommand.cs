using System.CommandLine;
using WebhookDelivery.Hosting;

namespace WebhookDelivery.Server;

/// <summary><c>health</c>: asks a running server whether it is ready, where there is no curl to do so.</summary>
internal static class HealthCommand
{
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(5);

    /// <summary>The command with its options.</summary>
    /// <param name="server">The option of the running server, which several commands share.</param>
    public static Command Define(Option<string> server)
    {
        var command = new Command("health", "Exit 0 if a running server is ready, 1 if it is not.")
        {
            server,
        };
        command.SetAction(
            (parsed, cancellation) => RunAsync(parsed.GetValue(server)!, cancellation)
        );
        return command;
    }

    /// <summary>0 if it is ready, 1 if it is not or does not answer in time.</summary>
    /// <exception cref="StartException">The URL is none.</exception>
    public static async Task<int> RunAsync(string url, CancellationToken cancellationToken)
    {
        var address = new Uri(ServerAddress.Parse(url), "/health/ready");
        using var http = new HttpClient { Timeout = s_patience };
        try
        {
            using var answer = await http.GetAsync(address, cancellationToken);
            Console.WriteLine(
                answer.IsSuccessStatusCode ? "ready" : $"not ready: {(int)answer.StatusCode}"
            );
            return answer.IsSuccessStatusCode ? 0 : 1;
        }
        catch (Exception exception)
            when (exception is HttpRequestException
                || (
                    exception is TaskCanceledException && !cancellationToken.IsCancellationRequested
                )
            )
        {
            await Console.Error.WriteLineAsync($"No answer from {url}: {exception.Message}");
            return 1;
        }
    }
}
