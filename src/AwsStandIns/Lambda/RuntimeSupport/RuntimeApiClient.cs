using System.Globalization;
using System.Net;
using System.Net.Http.Headers;

namespace Amazon.Lambda.RuntimeSupport;

/// <summary>
/// The exchanges of Lambda's Runtime API, version 2018-06-01
/// (https://docs.aws.amazon.com/lambda/latest/dg/runtimes-api.html).
/// </summary>
internal sealed class RuntimeApiClient : IDisposable
{
    private const string AddressVariable = "AWS_LAMBDA_RUNTIME_API";
    private const string ErrorTypeHeader = "Lambda-Runtime-Function-Error-Type";

    private readonly HttpClient _http;

    private RuntimeApiClient(string address) =>
        _http = new HttpClient(new SocketsHttpHandler { UseProxy = false, UseCookies = false })
        {
            BaseAddress = new Uri($"http://{address}/2018-06-01/runtime/"),
            // Lambda freezes the process while it waits for the next invocation, for hours maybe.
            Timeout = Timeout.InfiniteTimeSpan,
        };

    /// <summary>A client for the API whose host and port Lambda put into the environment.</summary>
    /// <exception cref="InvalidOperationException">There is none.</exception>
    public static RuntimeApiClient FromEnvironment() =>
        Environment.GetEnvironmentVariable(AddressVariable) is { Length: > 0 } address
            ? new(address)
            : throw new InvalidOperationException(
                $"{AddressVariable} is not set: only Lambda can start this program."
            );

    /// <summary>Waits for the next invocation and takes it.</summary>
    public async Task<Invocation> NextAsync(CancellationToken cancellationToken)
    {
        using var response = await _http.GetAsync(
            new Uri("invocation/next", UriKind.Relative),
            cancellationToken
        );
        response.EnsureSuccessStatusCode();
        var headers = response.Headers;
        var deadline = long.Parse(
            Find(headers, "Lambda-Runtime-Deadline-Ms") ?? "0",
            CultureInfo.InvariantCulture
        );
        return new Invocation(
            Find(headers, "Lambda-Runtime-Aws-Request-Id")
                ?? throw new HttpRequestException("Lambda sent an invocation without an id."),
            new MemoryStream(await response.Content.ReadAsByteArrayAsync(cancellationToken)),
            DateTimeOffset.FromUnixTimeMilliseconds(deadline),
            Find(headers, "Lambda-Runtime-Trace-Id")
        );
    }

    /// <summary>Hands an answer in. One that is too large for Lambda becomes the invocation's error.</summary>
    public async Task RespondAsync(string requestId, MemoryStream answer)
    {
        using var content = new StreamContent(answer);
        content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
        using var response = await _http.PostAsync(Invocation(requestId, "response"), content);
        if (response.StatusCode == HttpStatusCode.RequestEntityTooLarge)
        {
            await ReportErrorAsync(
                requestId,
                new InvalidOperationException("The function's answer is larger than Lambda takes.")
            );
            return;
        }

        response.EnsureSuccessStatusCode();
    }

    /// <summary>Says that an invocation has failed.</summary>
    public Task ReportErrorAsync(string requestId, Exception exception) =>
        PostErrorAsync(Invocation(requestId, "error"), exception);

    /// <summary>Says that the function cannot start.</summary>
    public Task ReportInitErrorAsync(Exception exception) =>
        PostErrorAsync(new Uri("init/error", UriKind.Relative), exception);

    /// <inheritdoc/>
    public void Dispose() => _http.Dispose();

    private static Uri Invocation(string requestId, string part) =>
        new($"invocation/{Uri.EscapeDataString(requestId)}/{part}", UriKind.Relative);

    private static string? Find(HttpResponseHeaders headers, string name) =>
        headers.TryGetValues(name, out var values) ? values.First() : null;

    private async Task PostErrorAsync(Uri address, Exception exception)
    {
        using var content = new ByteArrayContent(ErrorReport.Write(exception));
        content.Headers.ContentType = new MediaTypeHeaderValue(
            "application/vnd.aws.lambda.error+json"
        );
        using var request = new HttpRequestMessage(HttpMethod.Post, address) { Content = content };
        request.Headers.Add(ErrorTypeHeader, exception.GetType().Name);
        using var response = await _http.SendAsync(request);
        response.EnsureSuccessStatusCode();
    }
}
