using System.Text.Json;
using WebhookDelivery.Receiver;

var builder = WebApplication.CreateBuilder(args);
builder.WebHost.UseUrls($"http://127.0.0.1:{Environment.GetEnvironmentVariable("PORT") ?? "9000"}");

// Two secrets, separated by a blank, while one is being rotated.
var secrets = Environment.GetEnvironmentVariable("WEBHOOK_SECRET") ?? "";
builder.Services.AddWebhookReceiver(options =>
{
    foreach (var secret in secrets.Split(' ', StringSplitOptions.RemoveEmptyEntries))
    {
        options.Secrets.Add(secret);
    }
});

var app = builder.Build();

// Runs once per event: the signature is verified, and a duplicate is answered without it.
// Throw, and the id stays unremembered, so that the platform's retry runs it again.
app.MapWebhook(
    "/webhooks",
    (webhook, cancellationToken) =>
    {
        // YOUR WORK goes here: store the event, or put it on a queue.
        using var json = JsonDocument.Parse(webhook.Payload);
        var type = json.RootElement.GetProperty("type").GetString();
        Console.WriteLine($"processed {webhook.Id}, {type} ({webhook.Payload.Length} bytes)");
        return Task.CompletedTask;
    }
);

await app.StartAsync();
Console.WriteLine($"Listening on {app.Urls.Single()}");
await app.WaitForShutdownAsync();
