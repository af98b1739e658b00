using System.Text.Encodings.Web;
using System.Text.Json;
using WebhookDelivery.Receiver;
using WebhookDelivery.Signatures;

namespace WebhookReceiver;

/// <summary>The routes by which a person or a script looks at the receiver and steers it.</summary>
internal static class ControlRoutes
{
    private static readonly string[] Paths = ["/received", "/mode", "/secret", "/reset"];

    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web)
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        WriteIndented = true,
        // For reading in a terminal: quotes in a body shall not come out as \u0022.
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    public static bool IsDelivery(HttpRequest request) =>
        HttpMethods.IsPost(request.Method)
        && !Paths.Contains($"{request.Path}".TrimEnd('/'), StringComparer.OrdinalIgnoreCase);

    public static void MapControl(this IEndpointRouteBuilder endpoints)
    {
        endpoints.MapGet(
            "/received",
            (ReceivedList received) => Results.Json(received.Snapshot(), Json)
        );
        endpoints.MapGet("/mode", (AnswerMode mode) => Results.Json(mode.Current, Json));
        endpoints.MapPost("/mode", SetModeAsync);
        endpoints.MapPost("/secret", SetSecretAsync);
        endpoints.MapPost("/reset", Reset);
    }

    private static async Task<IResult> SetModeAsync(HttpRequest request, AnswerMode mode)
    {
        var settings = await ReadAsync<ModeSettings>(request);
        if (settings is null || settings.FindProblem() is not null)
        {
            return Refuse(
                settings?.FindProblem()
                    ?? """Send {"status":500,"times":2,"delay_ms":0,"hang":false}, any of them."""
            );
        }

        mode.Current = settings;
        return Results.Json(settings, Json);
    }

    private static async Task<IResult> SetSecretAsync(HttpRequest request, KnownSecrets known)
    {
        var given = await ReadAsync<SecretSettings>(request);
        var secrets = new List<SigningSecret>();
        foreach (var text in given?.All() ?? [])
        {
            if (!SigningSecret.TryParse(text, out var secret, out var problem))
            {
                return Refuse(problem);
            }

            secrets.Add(secret);
        }

        if (secrets.Count == 0)
        {
            return Refuse("""Send {"secret":"whsec_…"} or {"secrets":["…","…"]}.""");
        }

        known.Replace(secrets);
        Console.WriteLine($"Verifying signatures with {secrets.Count} secret(s) from now on.");
        return Results.NoContent();
    }

    private static IResult Reset(
        ReceivedList received,
        AnswerMode mode,
        InMemoryReceivedWebhookLog log
    )
    {
        received.Clear();
        log.Clear();
        mode.Current = ModeSettings.Normal;
        return Results.NoContent();
    }

    /// <summary>Reads the query if there is one, else the body as JSON of any content type.</summary>
    private static async Task<T?> ReadAsync<T>(HttpRequest request)
        where T : class
    {
        try
        {
            return request.Query.Count > 0
                ? JsonSerializer.Deserialize<T>(QueryAsJson(request.Query), Json)
                : await JsonSerializer.DeserializeAsync<T>(request.Body, Json);
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private static string QueryAsJson(IQueryCollection query) =>
        $"{{{string.Join(',', query.Select(pair => $"{Quote(pair.Key)}:{Value($"{pair.Value}")}"))}}}";

    private static string Value(string text) =>
        int.TryParse(text, out _) || text is "true" or "false" ? text : Quote(text);

    private static string Quote(string text) => JsonSerializer.Serialize(text);

    private static IResult Refuse(string problem) => Results.Problem(problem, statusCode: 400);
}
