using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using WebhookDelivery.Core;

namespace WebhookDelivery.Testing;

/// <summary><c>serve --dev</c> as a process on a data directory and a port of its own, and a client of it.</summary>
public sealed class Served : IAsyncDisposable
{
    /// <summary>How long anything may take on a busy machine.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly TemporaryDirectory _directory = new();
    private readonly Dictionary<string, string> _environment;
    private readonly HttpClient _client;
    private bool _disposed;

    /// <summary>Prepares one; nothing runs yet.</summary>
    /// <param name="settings">
    /// Settings below <c>WebhookDelivery</c>; what begins with <c>AWS_</c> is passed on as it is.
    /// </param>
    /// <param name="dataDirectory">Where its data is; null for a directory of its own.</param>
    /// <param name="variables">Environment variables that are no settings.</param>
    public Served(
        IReadOnlyDictionary<string, string>? settings = null,
        string? dataDirectory = null,
        IReadOnlyDictionary<string, string>? variables = null
    )
    {
        Port = ServerProcess.FreePort();
        DataDirectory = dataDirectory ?? Path.Combine(_directory.Path, "data");
        OperatorKey = ApiKeyToken
            .Create(ApiKeyRole.Operator, null, null, DateTimeOffset.UnixEpoch)
            .Item1;
        _environment = new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["WebhookDelivery__AdminKey"] = OperatorKey,
            // Receivers that fail on purpose would fill the transcript.
            ["Logging__LogLevel__WebhookDelivery.Core.DeliveryRunner"] = "Warning",
        };
        foreach (var (name, value) in settings ?? new Dictionary<string, string>())
        {
            // The AWS SDK's settings are its own.
            var isSdks = name.StartsWith("AWS_", StringComparison.Ordinal);
            _environment[isSdks ? name : $"WebhookDelivery__{name}"] = value;
        }

        foreach (var (name, value) in variables ?? new Dictionary<string, string>())
        {
            _environment[name] = value;
        }

        _client = new HttpClient { BaseAddress = Url, Timeout = TimeSpan.FromSeconds(30) };
    }

    /// <summary>The port that it listens on.</summary>
    public int Port { get; }

    /// <summary>Where it listens.</summary>
    public Uri Url => new($"http://127.0.0.1:{Port}");

    /// <summary>Where its data is.</summary>
    public string DataDirectory { get; }

    /// <summary>An operator key that it accepts.</summary>
    public string OperatorKey { get; }

    /// <summary>The environment variables that it is started with.</summary>
    public IReadOnlyDictionary<string, string> Environment => _environment;

    /// <summary>The process that was started last.</summary>
    public ServerProcess Process { get; private set; } = null!;

    /// <summary>Starts it without waiting.</summary>
    public ServerProcess Launch(params string[] wrapper) =>
        Process = ServerProcess.Start(
            Programs.Server,
            _directory.Path,
            ["serve", "--dev", "--data", DataDirectory, "--urls", $"{Url}"],
            _environment,
            wrapper
        );

    /// <summary>Starts it and waits until it answers.</summary>
    public async Task StartAsync(params string[] wrapper)
    {
        Launch(wrapper);
        await WaitUntilReadyAsync();
    }

    /// <summary>Waits until it answers that it is ready.</summary>
    /// <exception cref="InvalidOperationException">It ended.</exception>
    public async Task WaitUntilReadyAsync() =>
        await Until.HoldsAsync(
            async () =>
                Process.HasExited
                    ? throw new InvalidOperationException($"serve ended: {Process.Transcript}")
                    : await ReadinessAsync() == 200,
            Patience,
            () => $"serve is not ready: {Process.Transcript}"
        );

    /// <summary>The status of /health/ready; 0 if nothing answers.</summary>
    public async Task<int> ReadinessAsync()
    {
        try
        {
            using var answer = await _client.GetAsync(new Uri("/health/ready", UriKind.Relative));
            return (int)answer.StatusCode;
        }
        catch (HttpRequestException)
        {
            return 0;
        }
    }

    /// <summary>Sends a signal, waits, and returns exit code and duration.</summary>
    public async Task<(int ExitCode, TimeSpan Took)> StopAsync(int signal = ServerProcess.Terminate)
    {
        var start = System.Diagnostics.Stopwatch.GetTimestamp();
        Process.Signal(signal);
        var exitCode = await Process.WaitForExitAsync(Patience);
        return (exitCode, System.Diagnostics.Stopwatch.GetElapsedTime(start));
    }

    /// <summary>GET with a key.</summary>
    public Task<Answer> GetAsync(string path, string key) =>
        SendAsync(HttpMethod.Get, path, key, null);

    /// <summary>POST of JSON with a key.</summary>
    public Task<Answer> PostAsync(
        string path,
        string key,
        byte[] body,
        string? idempotencyKey = null
    ) => SendAsync(HttpMethod.Post, path, key, body, idempotencyKey);

    /// <summary>POST of JSON with a key.</summary>
    public Task<Answer> PostAsync(string path, string key, string body) =>
        PostAsync(path, key, Encoding.UTF8.GetBytes(body));

    /// <summary>Makes a tenant; returns its API key.</summary>
    public async Task<string> CreateTenantAsync(string tenant, Uri? target = null)
    {
        var answer = await PostAsync(
            "/v1/tenants",
            OperatorKey,
            JsonSerializer.Serialize(
                target is null
                    ? (object)new { tenant_id = tenant }
                    : new { tenant_id = tenant, target_url = target }
            )
        );
        answer.Require(201);
        return answer.Json.GetProperty("api_key").GetString()!;
    }

    /// <summary>Waits until a tenant has no open delivery.</summary>
    public async Task WaitUntilSettledAsync(string key, TimeSpan patience)
    {
        IReadOnlyList<string> open = [];
        await Until.HoldsAsync(
            async () =>
            {
                open = [.. await ListAsync(key, "PENDING"), .. await ListAsync(key, "FAILED")];
                return open.Count == 0;
            },
            patience,
            () =>
                $"{open.Count} events are open, such as {string.Join('\n', open.Take(3))}\n{Process.Transcript}"
        );
    }

    /// <summary>The events that have a delivery of this status, as JSON.</summary>
    public async Task<IReadOnlyList<string>> ListAsync(string key, string status)
    {
        var found = new List<string>();
        string? cursor = null;
        do
        {
            // A filtered page may be short: only a null cursor ends the list.
            var next = cursor is null ? "" : $"&cursor={Uri.EscapeDataString(cursor)}";
            var answer = await GetAsync($"/v1/events?status={status}&limit=100{next}", key);
            answer.Require(200);
            found.AddRange(
                answer.Json.GetProperty("data").EnumerateArray().Select(item => item.ToString())
            );
            cursor = answer.Json.GetProperty("next_cursor").GetString();
        } while (cursor is not null);
        return found;
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        if (_disposed)
        {
            return;
        }

        _disposed = true;
        _client.Dispose();
        if (Process is not null)
        {
            await Process.DisposeAsync();
        }

        _directory.Dispose();
    }

    private async Task<Answer> SendAsync(
        HttpMethod method,
        string path,
        string key,
        byte[]? body,
        string? idempotencyKey = null
    )
    {
        using var request = new HttpRequestMessage(method, path);
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", key);
        if (idempotencyKey is not null)
        {
            request.Headers.Add("Idempotency-Key", idempotencyKey);
        }

        if (body is not null)
        {
            request.Content = new ByteArrayContent(body);
            request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
        }

        using var response = await _client.SendAsync(request);
        var text = await response.Content.ReadAsStringAsync();
        return new Answer((int)response.StatusCode, text, response.Headers.RetryAfter?.Delta);
    }

    /// <summary>An answer of the server.</summary>
    /// <param name="Status">Its status code.</param>
    /// <param name="Text">Its body.</param>
    /// <param name="RetryAfter">When it asks for another try; null if it does not say.</param>
    public sealed record Answer(int Status, string Text, TimeSpan? RetryAfter)
    {
        /// <summary>The body as JSON.</summary>
        public JsonElement Json => JsonDocument.Parse(Text).RootElement;

        /// <summary>A member of the body, as text.</summary>
        public string this[string member] => Json.GetProperty(member).ToString();

        /// <summary>Throws if it is another.</summary>
        /// <exception cref="InvalidOperationException">It says what came instead.</exception>
        public void Require(int status)
        {
            if (Status != status)
            {
                throw new InvalidOperationException($"{Status} instead of {status}: {Text}");
            }
        }
    }
}
