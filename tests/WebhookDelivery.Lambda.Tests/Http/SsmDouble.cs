using System.Collections.Concurrent;
using System.Net;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace WebhookDelivery.Lambda.Tests;

/// <summary>SSM's parameters as its client speaks to it, over HTTP: one operation, GetParameter.</summary>
internal sealed class SsmDouble : IAsyncDisposable
{
    private const string Arn = "arn:aws:ssm:us-east-1:123456789012:parameter";

    private readonly ConcurrentDictionary<string, (string Value, DateTimeOffset At)> _parameters =
        new(StringComparer.Ordinal);
    private readonly WebApplication _app;
    private int _calls;

    private SsmDouble()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0));
        _app = builder.Build();
        _app.Run(ServeAsync);
    }

    public string Url => _app.Urls.Single();

    /// <summary>How often it was asked.</summary>
    public int Calls => Volatile.Read(ref _calls);

    /// <summary>The error that it answers with; null for none.</summary>
    public string? Refusal { get; set; }

    /// <summary>What comes before the JSON of an answer; nothing, unless a test breaks it.</summary>
    public string Noise { get; set; } = "";

    public static async Task<SsmDouble> StartAsync()
    {
        var ssm = new SsmDouble();
        await ssm._app.StartAsync();
        return ssm;
    }

    /// <summary>Puts a SecureString parameter. Returns its ARN.</summary>
    /// <param name="name">Its name, with a slash in front.</param>
    /// <param name="value">Its value.</param>
    /// <param name="at">When it was put.</param>
    public string Put(string name, string value, DateTimeOffset at)
    {
        _parameters[name] = (value, at);
        return Arn + name;
    }

    public ValueTask DisposeAsync() => _app.DisposeAsync();

    private async Task ServeAsync(HttpContext context)
    {
        Interlocked.Increment(ref _calls);
        var isSigned = context
            .Request.Headers.Authorization.ToString()
            .Contains("/ssm/aws4_request", StringComparison.Ordinal);
        var body = (await JsonNode.ParseAsync(context.Request.Body))!.AsObject();
        var isKnown = context.Request.Headers["X-Amz-Target"] == "AmazonSSM.GetParameter";
        var (status, answer) =
            Refusal is { } refusal ? Refuse(refusal)
            : isSigned && isKnown
                ? Find((string)body["Name"]!, (bool?)body["WithDecryption"] == true)
            : Refuse("AccessDeniedException");
        context.Response.StatusCode = status;
        context.Response.ContentType = "application/x-amz-json-1.1";
        await context.Response.WriteAsync(Noise + answer.ToJsonString());
    }

    private (int Status, JsonObject Answer) Find(string asked, bool isDecrypted)
    {
        var name = asked.StartsWith(Arn, StringComparison.Ordinal) ? asked[Arn.Length..] : asked;
        if (!_parameters.TryGetValue(name, out var found))
        {
            return Refuse("ParameterNotFound");
        }

        return (
            200,
            new JsonObject
            {
                ["Parameter"] = new JsonObject
                {
                    ["ARN"] = Arn + name,
                    ["DataType"] = "text",
                    ["LastModifiedDate"] = found.At.ToUnixTimeMilliseconds() / 1000.0,
                    ["Name"] = name,
                    ["Type"] = "SecureString",
                    ["Value"] = isDecrypted ? found.Value : "AQICAHsealed",
                    ["Version"] = 1,
                },
            }
        );
    }

    private static (int Status, JsonObject Answer) Refuse(string code) =>
        (400, new JsonObject { ["__type"] = code, ["message"] = "refused by the double" });
}
