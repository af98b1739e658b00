using System.Net;
using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Http.Features;

namespace Amazon.Lambda.AspNetCoreServer;

/// <summary>
/// Reads an event of payload format 2.0
/// (https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-develop-integrations-lambda.html)
/// into the features of a request.
/// </summary>
internal static class HttpApiRequest
{
    /// <summary>The stage that stands at the root; any other one begins the path.</summary>
    private const string RootStage = "$default";

    /// <exception cref="JsonException">It is not JSON.</exception>
    /// <exception cref="InvalidOperationException">It is no event of this format.</exception>
    public static FeatureCollection Read(MemoryStream input)
    {
        using var document = JsonDocument.Parse(input);
        var proxied = document.RootElement;
        var context = Object(proxied, "requestContext") ?? throw NoEvent();
        var http = Object(context, "http") ?? throw NoEvent();
        var request = new HttpRequestFeature
        {
            Protocol = Text(http, "protocol") ?? "HTTP/1.1",
            Scheme = "https",
            Method = Text(http, "method") ?? throw NoEvent(),
            QueryString = Text(proxied, "rawQueryString") is { Length: > 0 } query
                ? $"?{query}"
                : "",
            Body = new MemoryStream(Body(proxied), writable: false),
        };
        request.RawTarget = Text(proxied, "rawPath") + request.QueryString;
        (request.PathBase, request.Path) = Split(
            Decode(Text(http, "path") ?? throw NoEvent()),
            Text(context, "stage")
        );
        AddHeaders(request, proxied, Text(context, "domainName"));
        var features = new FeatureCollection();
        features.Set<IHttpRequestFeature>(request);
        features.Set<IHttpConnectionFeature>(Connection(http));
        return features;
    }

    private static byte[] Body(JsonElement proxied) =>
        Text(proxied, "body") is not { } body ? []
        : proxied.TryGetProperty("isBase64Encoded", out var encoded) && encoded.GetBoolean()
            ? Convert.FromBase64String(body)
        : Encoding.UTF8.GetBytes(body);

    private static (string PathBase, string Path) Split(string path, string? stage)
    {
        var prefix = $"/{stage}";
        return
            stage is { Length: > 0 } and not RootStage
            && path.StartsWith(prefix, StringComparison.Ordinal)
            && (path.Length == prefix.Length || path[prefix.Length] == '/')
            ? (prefix, path.Length == prefix.Length ? "/" : path[prefix.Length..])
            : ("", path);
    }

    /// <summary>
    /// Decodes what is still escaped. An escaped slash stays so, as it would on any ASP.NET Core
    /// server: it must not become a separator.
    /// </summary>
    private static string Decode(string path) =>
        WebUtility.UrlDecode(
            path.Replace("+", "%2B", StringComparison.Ordinal)
                .Replace("%2F", "%252F", StringComparison.OrdinalIgnoreCase)
        );

    private static void AddHeaders(HttpRequestFeature request, JsonElement proxied, string? host)
    {
        var headers = request.Headers;
        if (Object(proxied, "headers") is { } sent)
        {
            foreach (var header in sent.EnumerateObject())
            {
                // The gateway joins the values of a repeated header by commas.
                headers[header.Name] = (header.Value.GetString() ?? "").Split(',');
            }
        }

        if (headers.Host.Count == 0)
        {
            headers.Host = host;
        }

        if (proxied.TryGetProperty("cookies", out var cookies))
        {
            headers.Cookie = string.Join(
                "; ",
                cookies.EnumerateArray().Select(cookie => cookie.GetString())
            );
        }

        headers.ContentLength ??= request.Body.Length;
    }

    private static HttpConnectionFeature Connection(JsonElement http) =>
        new()
        {
            RemoteIpAddress = IPAddress.TryParse(Text(http, "sourceIp"), out var address)
                ? address
                : null,
        };

    private static JsonElement? Object(JsonElement parent, string name) =>
        parent.ValueKind == JsonValueKind.Object
        && parent.TryGetProperty(name, out var value)
        && value.ValueKind == JsonValueKind.Object
            ? value
            : null;

    private static string? Text(JsonElement parent, string name) =>
        parent.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String
            ? value.GetString()
            : null;

    private static InvalidOperationException NoEvent() =>
        new("The event is no HTTP API request of payload format 2.0.");
}
