using System.CommandLine;
using WebhookDelivery.Signatures;

namespace WebhookReceiver;

/// <summary>The command line.</summary>
internal static class ReceiverCommand
{
    private const string Description = """
        Receives webhooks on this machine, verifies them, and shows what came.

        Any POST is a delivery, whatever its path; an id that came to the same path before is a
        duplicate. Except:
          GET  /received            what was received, oldest first
          GET  /mode, POST /mode    answer failures: {"status":500,"times":2,"delay_ms":0,"hang":false}
                                    or in the query: /mode?status=500&times=2
          POST /secret              set the secrets: {"secret":"whsec_…"} or /secret?secret=…
          POST /reset               forget deliveries, processed ids and mode; the secrets stay
        """;

    public static RootCommand Create()
    {
        var port = new Option<int>("--port")
        {
            Description = "The loopback port; 0 takes a free one.",
            DefaultValueFactory = _ => 9000,
        };
        port.Validators.Add(result =>
        {
            if (result.GetValueOrDefault<int>() is < 0 or > 65535)
            {
                result.AddError("--port is between 0 and 65535.");
            }
        });
        var secret = new Option<string[]>("--secret")
        {
            Description =
                "The endpoint's secret; repeat it during a rotation. Without one, deliveries are "
                + "accepted and marked unverified.",
            AllowMultipleArgumentsPerToken = true,
        };
        secret.Validators.Add(result =>
        {
            foreach (var text in result.GetValueOrDefault<string[]>() ?? [])
            {
                if (!SigningSecret.TryParse(text, out _, out var problem))
                {
                    result.AddError($"--secret: {problem}");
                }
            }
        });

        var command = new RootCommand(Description) { port, secret };
        command.SetAction(
            (parsed, cancellationToken) =>
                ReceiverApp.RunAsync(
                    parsed.GetValue(port),
                    parsed.GetValue(secret) ?? [],
                    cancellationToken
                )
        );
        return command;
    }
}
