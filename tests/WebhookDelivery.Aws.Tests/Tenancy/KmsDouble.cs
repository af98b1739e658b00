using System.Collections.Concurrent;
using System.Globalization;
using System.Net;
using System.Security.Cryptography;
using System.Text.Json.Nodes;
using Amazon.KeyManagementService;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using WebhookDelivery.Core;

namespace WebhookDelivery.Aws.Tests;

/// <summary>
/// KMS as its client speaks to it, over HTTP: two operations, keys that can be disabled and deleted,
/// and an encryption context that must be given again. What it wraps, it wraps for real.
/// </summary>
internal sealed class KmsDouble : IAsyncDisposable
{
    /// <summary>The key that there is.</summary>
    public const string KeyId = "1234abcd-12ab-34cd-56ef-1234567890ab";

    private readonly ConcurrentDictionary<string, string> _states = new(StringComparer.Ordinal)
    {
        [KeyId] = "Enabled",
    };
    private readonly ConcurrentQueue<string> _calls = new();
    private readonly byte[] _root = RandomNumberGenerator.GetBytes(SealedBox.KeyBytes);
    private readonly WebApplication _app;

    private KmsDouble()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0));
        _app = builder.Build();
        _app.Run(ServeAsync);
    }

    public string Url => _app.Urls.Single();

    /// <summary>Completes before an answer is given; done already unless a test sets it.</summary>
    public Task Gate { get; set; } = Task.CompletedTask;

    /// <summary>How often an operation was called, such as Decrypt.</summary>
    public int CallsOf(string operation) => _calls.Count(call => call == operation);

    public static async Task<KmsDouble> StartAsync()
    {
        var kms = new KmsDouble();
        await kms._app.StartAsync();
        return kms;
    }

    public AmazonKeyManagementServiceClient CreateClient(string? url = null) =>
        new(
            AwsTables.Credentials,
            new AmazonKeyManagementServiceConfig
            {
                ServiceURL = url ?? Url,
                AuthenticationRegion = "us-east-1",
                MaxErrorRetry = 1,
            }
        );

    /// <summary>Sets a key's state as KMS names it, such as Disabled; null: there is no such key.</summary>
    public void SetState(string? state, string keyId = KeyId)
    {
        if (state is null)
        {
            _states.TryRemove(keyId, out _);
        }
        else
        {
            _states[keyId] = state;
        }
    }

    public ValueTask DisposeAsync() => _app.DisposeAsync();

    private async Task ServeAsync(HttpContext context)
    {
        var authorization = context.Request.Headers.Authorization.ToString();
        var target = context.Request.Headers["X-Amz-Target"].ToString();
        var body = (await JsonNode.ParseAsync(context.Request.Body))!.AsObject();
        var operation = target["TrentService.".Length..];
        _calls.Enqueue(operation);
        await Gate;
        var (status, answer) = authorization.Contains("/kms/aws4_request", StringComparison.Ordinal)
            ? Answer(operation, body)
            : Refuse("MissingAuthenticationTokenException");
        context.Response.StatusCode = status;
        context.Response.ContentType = "application/x-amz-json-1.1";
        await context.Response.WriteAsync(answer.ToJsonString());
    }

    private (int Status, JsonObject Answer) Answer(string operation, JsonObject body)
    {
        var keyId = (string)body["KeyId"]!;
        if (!_states.TryGetValue(keyId, out var state))
        {
            return Refuse("NotFoundException");
        }

        if (state != "Enabled")
        {
            return Refuse(state == "Disabled" ? "DisabledException" : "KMSInvalidStateException");
        }

        return operation switch
        {
            "GenerateDataKeyWithoutPlaintext" when (string?)body["KeySpec"] == "AES_256" =>
                Generate(keyId, body),
            "Decrypt" => Decrypt(keyId, body),
            _ => Refuse("ValidationException"),
        };
    }

    private (int Status, JsonObject Answer) Generate(string keyId, JsonObject body)
    {
        var key = RandomNumberGenerator.GetBytes(SealedBox.KeyBytes);
        var blob = SealedBox.Seal(_root, key, Context(keyId, body));
        return (
            200,
            new JsonObject { ["KeyId"] = keyId, ["CiphertextBlob"] = Convert.ToBase64String(blob) }
        );
    }

    private (int Status, JsonObject Answer) Decrypt(string keyId, JsonObject body)
    {
        try
        {
            var blob = Convert.FromBase64String((string)body["CiphertextBlob"]!);
            var key = SealedBox.Open(_root, blob, Context(keyId, body));
            return (
                200,
                new JsonObject { ["KeyId"] = keyId, ["Plaintext"] = Convert.ToBase64String(key) }
            );
        }
        catch (CryptographicException)
        {
            return Refuse("InvalidCiphertextException");
        }
    }

    // Key and context are bound to what is wrapped, so that either being another opens nothing.
    private static string Context(string keyId, JsonObject body) =>
        string.Create(
            CultureInfo.InvariantCulture,
            $"{keyId}\n{body["EncryptionContext"]?.ToJsonString()}"
        );

    private static (int Status, JsonObject Answer) Refuse(string code) =>
        (400, new JsonObject { ["__type"] = code, ["message"] = "refused by the double" });
}
