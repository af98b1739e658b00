using System.CommandLine;
using Spectre.Console;

namespace WebhookDelivery.Server;

/// <summary>
/// <c>demo</c>: the whole life of a delivery against a real server and a real receiver, on loopback
/// and in a temporary directory that is removed again. Every claim is checked.
/// </summary>
internal static class DemoCommand
{
    private static readonly string[] s_routes = ["orders", "flaky", "down", "globex"];
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(30);

    /// <summary>The command with its options.</summary>
    public static Command Define()
    {
        var command = new Command(
            "demo",
            "Show everything once, on loopback and in a temporary directory; exit 0 if all of it held."
        );
        command.SetAction((_, cancellation) => RunAsync(cancellation));
        return command;
    }

    /// <summary>0 if every claim was checked and held, else 1.</summary>
    public static async Task<int> RunAsync(CancellationToken cancellationToken)
    {
        var start = TimeProvider.System.GetTimestamp();
        var directory = Directory.CreateTempSubdirectory("webhook-delivery-demo-");
        var console = MakeConsole();
        var claims = new Claims(console);
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        patience.CancelAfter(s_patience);
        try
        {
            await using var receiver = await DemoReceiver.StartAsync(s_routes, patience.Token);
            await using var server = await DemoServer.StartAsync(
                directory.FullName,
                patience.Token
            );
            using var api = new ApiClient(new Uri(server.Url));
            console.MarkupLineInterpolated(
                $"[grey]Server {server.Url}, receiver {receiver.UrlOf("")}, data {directory.FullName}[/]"
            );
            var scenes = new DemoScenes(server, receiver, api, new Timeline(api, console), claims);
            await scenes.RunAsync(patience.Token);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            claims.Check($"the demo ends within {s_patience.TotalSeconds:F0} s", false);
        }
        finally
        {
            directory.Delete(recursive: true);
        }

        claims.Check("the temporary directory is gone", !Directory.Exists(directory.FullName));
        claims.Summarise(TimeProvider.System.GetElapsedTime(start));
        return claims.AllHeld ? 0 : 1;
    }

    /// <summary>Colours on a terminal only, and no wrapping where there is no terminal to wrap for.</summary>
    private static IAnsiConsole MakeConsole()
    {
        var console = AnsiConsole.Create(
            new AnsiConsoleSettings
            {
                Ansi = Console.IsOutputRedirected ? AnsiSupport.No : AnsiSupport.Detect,
            }
        );
        if (Console.IsOutputRedirected)
        {
            console.Profile.Width = 200;
        }

        return console;
    }
}
