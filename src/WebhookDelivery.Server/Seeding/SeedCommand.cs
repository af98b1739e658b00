using System.CommandLine;
using System.Text.Json;
using WebhookDelivery.Hosting;

namespace WebhookDelivery.Server;

/// <summary><c>seed</c>: three test tenants on a running server. Safe to repeat: what exists stays.</summary>
internal static class SeedCommand
{
    private const string DefaultTarget = "http://localhost:9000/webhooks";
    private static readonly string[] s_tenants = ["test-tenant", "acme", "globex"];

    /// <summary>The command with its options.</summary>
    /// <param name="server">The option of the running server, which several commands share.</param>
    public static Command Define(Option<string> server)
    {
        var adminKey = new Option<string?>("--admin-key")
        {
            Description =
                "The operator key. Other users of the machine can see it here; default: the environment's WebhookDelivery__AdminKey",
        };
        var target = new Option<string?>("--target")
        {
            Description =
                "Where the test tenants' endpoints point, their id appended as a last segment. Default: http://localhost:9000/webhooks",
        };
        var command = new Command(
            "seed",
            "Create three test tenants with keys and endpoints on a running server."
        )
        {
            server,
            adminKey,
            target,
        };
        command.SetAction(
            (parsed, cancellation) =>
                RunAsync(
                    parsed.GetValue(server)!,
                    parsed.GetValue(adminKey),
                    parsed.GetValue(target),
                    cancellation
                )
        );
        return command;
    }

    public static async Task<int> RunAsync(
        string url,
        string? adminKey,
        string? target,
        CancellationToken cancellationToken
    )
    {
        adminKey ??= Environment.GetEnvironmentVariable("WebhookDelivery__AdminKey");
        if (string.IsNullOrEmpty(adminKey))
        {
            await Console.Error.WriteLineAsync(
                "seed needs the operator key: WebhookDelivery__AdminKey in the environment, or --admin-key wha_…."
            );
            return 2;
        }

        using var api = new ApiClient(ServerAddress.Parse(url));
        foreach (var tenant in s_tenants)
        {
            var answer = await CreateAsync(
                api,
                adminKey,
                JsonSerializer.Serialize(
                    new
                    {
                        tenant_id = tenant,
                        name = $"Test tenant {tenant}",
                        target_url = $"{(target ?? DefaultTarget).TrimEnd('/')}/{tenant}",
                    }
                ),
                cancellationToken
            );
            if (answer is { Status: 409 } && answer["code"] == "tenant_exists")
            {
                Console.WriteLine(
                    $"{tenant}: exists, left as it is; its key was shown when it was made"
                );
                continue;
            }

            if (answer.Status != 201)
            {
                throw new StartException($"{tenant} was not created: {Explain(answer)}");
            }

            var endpoint = answer.Json.GetProperty("endpoint");
            Console.WriteLine($"{tenant}:");
            Console.WriteLine($"  api key   {answer["api_key"]}");
            Console.WriteLine(
                $"  endpoint  {endpoint.GetProperty("endpoint_id")} {endpoint.GetProperty("url")}"
            );
            Console.WriteLine($"  secret    {endpoint.GetProperty("secret")}");
        }

        return 0;
    }

    private static async Task<ApiAnswer> CreateAsync(
        ApiClient api,
        string adminKey,
        string body,
        CancellationToken cancellationToken
    )
    {
        try
        {
            return await api.PostAsync("/v1/tenants", adminKey, body, cancellationToken);
        }
        catch (Exception exception) when (exception is HttpRequestException or JsonException)
        {
            throw new StartException(
                $"No WebhookDelivery server answers at the address that --url names: {exception.Message}",
                exception
            );
        }
    }

    private static string Explain(ApiAnswer answer) =>
        answer switch
        {
            { Status: 401 } => "the server does not know this operator key.",
            { Status: 400 or 422 } when answer["errors"].Contains("target_url") =>
                $"{answer["errors"]} Is the server running with --dev, which allows http and loopback targets?",
            _ => answer.Text,
        };
}
