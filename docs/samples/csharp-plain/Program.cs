using System.Collections.Concurrent;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;

const int BodyBytesMax = 4 * 1024 * 1024; // the most the platform sends; above it the answer is 413

var secret = Environment.GetEnvironmentVariable("WEBHOOK_SECRET")!;
var key = Convert.FromBase64String(secret["whsec_".Length..]);
var processed = new ConcurrentDictionary<string, bool>(); // a table with a unique key, really

var builder = WebApplication.CreateBuilder(args);
builder.WebHost.UseUrls($"http://127.0.0.1:{Environment.GetEnvironmentVariable("PORT") ?? "9000"}");
builder.WebHost.ConfigureKestrel(options => options.Limits.MaxRequestBodySize = BodyBytesMax);
var app = builder.Build();

app.MapPost(
    "/webhooks",
    async (HttpRequest request) =>
    {
        // The exact bytes: parsing and writing the JSON again would change them.
        using var buffer = new MemoryStream();
        await request.Body.CopyToAsync(buffer);
        var body = buffer.ToArray();

        var id = request.Headers["webhook-id"].ToString();
        var timestamp = request.Headers["webhook-timestamp"].ToString();
        var signatures = request.Headers["webhook-signature"].ToString();
        if (!IsFresh(timestamp) || !IsSigned(id, timestamp, signatures, body))
        {
            return Results.Unauthorized();
        }

        if (processed.ContainsKey(id))
        {
            Console.WriteLine($"duplicate {id}");
            return Results.NoContent();
        }

        // First the work, then the id: if the work throws, the answer is 500 and the retry runs it.
        await ProcessAsync(body);
        processed.TryAdd(id, true);
        Console.WriteLine($"processed {id} ({body.Length} bytes)");
        return Results.NoContent();
    }
);

await app.StartAsync();
Console.WriteLine($"Listening on {app.Urls.Single()}");
await app.WaitForShutdownAsync();

// YOUR WORK goes here: store the event or queue it, in one transaction with its id.
static Task ProcessAsync(byte[] body)
{
    using var json = JsonDocument.Parse(body);
    Console.WriteLine($"type {json.RootElement.GetProperty("type").GetString()}");
    return Task.CompletedTask;
}

static bool IsFresh(string timestamp) =>
    long.TryParse(timestamp, NumberStyles.None, CultureInfo.InvariantCulture, out var seconds)
    && Math.Abs(DateTimeOffset.UtcNow.ToUnixTimeSeconds() - seconds) <= 300;

bool IsSigned(string id, string timestamp, string signatures, byte[] body)
{
    byte[] signed = [.. Encoding.UTF8.GetBytes($"{id}.{timestamp}."), .. body];
    var expected = "v1," + Convert.ToBase64String(HMACSHA256.HashData(key, signed));
    return signatures
        .Split(' ')
        .Any(signature =>
            CryptographicOperations.FixedTimeEquals(
                Encoding.UTF8.GetBytes(signature),
                Encoding.UTF8.GetBytes(expected)
            )
        );
}
