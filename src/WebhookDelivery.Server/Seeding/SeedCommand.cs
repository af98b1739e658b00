using System.Text.Json;

namespace WebhookDelivery.Server;

/// <summary><c>seed</c>: three test tenants on a running server. Safe to repeat: what exists stays.</summary>
internal static class SeedCommand
{
    private const string DefaultTarget = "http://localhost:9000/webhooks";
    private static readonly string[] s_tenants = ["test-tenant", "acme", "globex"];

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
                "seed needs the operator key: --admin-key wha_…, or WebhookDelivery__AdminKey."
            );
            return 2;
        }

        using var api = new ApiClient(url);
        foreach (var tenant in s_tenants)
        {
            var answer = await api.PostAsync(
                "/v1/tenants",
                adminKey,
                JsonSerializer.Serialize(
                    new
                    {
                        tenant_id = tenant,
                        name = $"Test tenant {tenant}",
                        target_url = target ?? DefaultTarget,
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

            var endpoint = answer.Expect(201).Json.GetProperty("endpoint");
            Console.WriteLine($"{tenant}:");
            Console.WriteLine($"  api key   {answer["api_key"]}");
            Console.WriteLine(
                $"  endpoint  {endpoint.GetProperty("endpoint_id")} {endpoint.GetProperty("url")}"
            );
            Console.WriteLine($"  secret    {endpoint.GetProperty("secret")}");
        }

        return 0;
    }
}
