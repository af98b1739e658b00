using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Primitives;

namespace WebhookDelivery.Lambda.Tests;

/// <summary>An ASP.NET Core application that is given its requests by an API Gateway HTTP API.</summary>
[Collection(LambdaEnvironment.Collection)]
public sealed class HttpApiHostingTests : IAsyncLifetime
{
    private static readonly byte[] s_allBytes = [.. Enumerable.Range(0, 256).Select(i => (byte)i)];

    private readonly List<Seen> _seen = [];
    private RuntimeApiDouble _lambda = null!;
    private LambdaEnvironment _environment = null!;
    private WebApplication _application = null!;
    private Task _running = Task.CompletedTask;
    private RequestDelegate _answer = _ => Task.CompletedTask;

    public async ValueTask InitializeAsync()
    {
        _lambda = await RuntimeApiDouble.StartAsync();
        _environment = new LambdaEnvironment(_lambda.Address);
        var builder = WebApplication.CreateBuilder();
        builder.Logging.ClearProviders();
        builder.Services.AddAWSLambdaHosting(LambdaEventSource.HttpApi);
        _application = builder.Build();
        _application.MapGet("/items/{id}", (string id) => id);
        _application.MapFallback(
            "{*path}",
            async (HttpContext context) =>
            {
                _seen.Add(await Seen.OfAsync(context));
                await _answer(context);
            }
        );
        _running = _application.RunAsync();
    }

    public async ValueTask DisposeAsync()
    {
        await _application.StopAsync();
        await _running.WaitAsync(TimeSpan.FromSeconds(10));
        _environment.Dispose();
        await _lambda.DisposeAsync();
    }

    [Fact]
    public async Task Request_DocumentedEvent_ArrivesWhole()
    {
        _answer = context => context.Response.WriteAsync("Hello to you");

        var answer = new HttpApiAnswer(await _lambda.InvokeAsync(HttpApiEvent.Documented));

        var seen = Assert.Single(_seen);
        Assert.Equal("POST https://id.execute-api.us-east-1.amazonaws.com/my/path", seen.Address);
        Assert.Equal("?parameter1=value1&parameter1=value2&parameter2=value", seen.Query);
        Assert.Equal(new[] { "value1", "value2" }, seen.QueryValues("parameter1"));
        Assert.Equal("value1", seen.Headers["header1"]);
        Assert.Equal(new[] { "value1", "value2" }, seen.Headers["header2"].ToArray());
        Assert.Equal("cookie1; cookie2", seen.Headers.Cookie);
        Assert.Equal("192.0.2.1", seen.RemoteAddress);
        Assert.Equal("Hello from Lambda", Encoding.UTF8.GetString(seen.Body));
        Assert.Equal(17, seen.Headers.ContentLength);
        Assert.Equal(200, answer.Status);
        Assert.Equal("Hello to you", answer.Text);
        Assert.False(answer.IsBase64);
    }

    [Fact]
    public async Task Request_TextBody_KeepsItsBytes()
    {
        const string Body = "{\"a\":\"\u00e9\ud83d\ude00 \\u00e9 \\/ <&>'+\u2028\ufeff\"}\r\n";

        await _lambda.InvokeAsync(HttpApiEvent.Of("POST", "/v1/events", Body));

        Assert.Equal(Encoding.UTF8.GetBytes(Body), Assert.Single(_seen).Body);
    }

    [Fact]
    public async Task Request_Base64Body_KeepsItsBytes()
    {
        await _lambda.InvokeAsync(
            HttpApiEvent.Of("POST", "/v1/events", Convert.ToBase64String(s_allBytes), base64: true)
        );

        var seen = Assert.Single(_seen);
        Assert.Equal(s_allBytes, seen.Body);
        Assert.Equal(256, seen.Headers.ContentLength);
    }

    [Fact]
    public async Task Request_NoBody_IsEmpty()
    {
        await _lambda.InvokeAsync(HttpApiEvent.Of("GET", "/"));

        var seen = Assert.Single(_seen);
        Assert.Empty(seen.Body);
        Assert.Equal(0, seen.Headers.ContentLength);
        Assert.Equal("", seen.Query);
    }

    [Theory]
    [InlineData("/items/a b", "a b")]
    [InlineData("/items/a%20b", "a b")]
    [InlineData("/items/a+b", "a+b")]
    [InlineData("/items/%C3%A9", "\u00e9")]
    [InlineData("/items/a%2Fb", "a%2Fb")]
    public async Task Request_PathWithEscapes_IsRoutedAsByAnyServer(string path, string id)
    {
        var answer = new HttpApiAnswer(await _lambda.InvokeAsync(HttpApiEvent.Of("GET", path)));

        Assert.Equal(200, answer.Status);
        Assert.Equal(id, answer.Text);
    }

    [Fact]
    public async Task Request_QueryWithEscapes_IsDecodedOnce()
    {
        await _lambda.InvokeAsync(
            HttpApiEvent.Of("GET", "/", query: "since=2026-01-02T03%3A04%3A05%2B00%3A00&a=b%2525")
        );

        var seen = Assert.Single(_seen);
        Assert.Equal("2026-01-02T03:04:05+00:00", seen.QueryValues("since").Single());
        Assert.Equal("b%25", seen.QueryValues("a").Single());
    }

    [Theory]
    [InlineData("prod", "/prod/items/7")]
    [InlineData("prod", "/items/7")]
    [InlineData("it", "/items/7")]
    public async Task Request_NamedStage_IsNoPartOfThePath(string stage, string path)
    {
        var answer = new HttpApiAnswer(
            await _lambda.InvokeAsync(HttpApiEvent.Of("GET", path, stage: stage))
        );

        Assert.Equal(200, answer.Status);
        Assert.Equal("7", answer.Text);
    }

    [Fact]
    public async Task Answer_TextWithHeadersAndCookies_KeepsThem()
    {
        const string Body = "{\"a\":\"\u00e9\ud83d\ude00 \\u00e9 \\/ <&>'+\u2028\"}\n";
        _answer = context =>
        {
            var response = context.Response;
            response.StatusCode = 201;
            response.ContentType = "application/json";
            response.Headers.Location = "/v1/events/evt_1";
            response.Headers["x-many"] = new StringValues(["a", "b"]);
            response.Cookies.Append("one", "1");
            response.Cookies.Append(
                "two",
                "2",
                new() { Expires = DateTimeOffset.UnixEpoch, Path = "/x" }
            );
            return response.WriteAsync(Body);
        };

        var answer = new HttpApiAnswer(await _lambda.InvokeAsync(HttpApiEvent.Of("GET", "/")));

        Assert.Equal(201, answer.Status);
        Assert.Equal("application/json", answer.Headers["Content-Type"]);
        Assert.Equal("/v1/events/evt_1", answer.Headers["Location"]);
        Assert.Equal("a,b", answer.Headers["x-many"]);
        Assert.Equal(
            ["one=1; path=/", "two=2; expires=Thu, 01 Jan 1970 00:00:00 GMT; path=/x"],
            answer.Cookies
        );
        Assert.DoesNotContain("Set-Cookie", answer.Headers.Keys);
        Assert.Equal(Encoding.UTF8.GetBytes(Body), answer.Bytes);
        Assert.False(answer.IsBase64);
    }

    [Theory]
    [InlineData("application/octet-stream", null)]
    [InlineData("image/png", null)]
    [InlineData("application/json", "gzip")]
    [InlineData("text/plain", null)]
    public async Task Answer_NoText_IsBase64(string type, string? encoding)
    {
        _answer = async context =>
        {
            context.Response.ContentType = type;
            context.Response.Headers.ContentEncoding = encoding;
            await context.Response.BodyWriter.WriteAsync(s_allBytes);
        };

        var answer = new HttpApiAnswer(await _lambda.InvokeAsync(HttpApiEvent.Of("GET", "/")));

        Assert.True(answer.IsBase64);
        Assert.Equal(s_allBytes, answer.Bytes);
    }

    [Fact]
    public async Task Answer_Callbacks_AreCalledAroundIt()
    {
        var order = new List<string>();
        _answer = context =>
        {
            context.Response.OnStarting(() =>
            {
                context.Response.Headers["x-late"] = "yes";
                order.Add("starting");
                return Task.CompletedTask;
            });
            context.Response.OnCompleted(() =>
            {
                order.Add("completed");
                return Task.CompletedTask;
            });
            return context.Response.WriteAsync("x");
        };

        var answer = new HttpApiAnswer(await _lambda.InvokeAsync(HttpApiEvent.Of("GET", "/")));

        Assert.Equal("yes", answer.Headers["x-late"]);
        Assert.Equal(["starting", "completed"], order);
    }

    [Fact]
    public async Task Answer_ApplicationThrows_Is500AndTheNextIsServed()
    {
        _answer = async context =>
        {
            context.Response.Headers["x-half"] = "written";
            await context.Response.WriteAsync("half");
            context.Response.BodyWriter.GetSpan(4).Clear();
            context.Response.BodyWriter.Advance(4);
            throw new InvalidOperationException("No.");
        };

        var failed = new HttpApiAnswer(await _lambda.InvokeAsync(HttpApiEvent.Of("GET", "/")));
        var next = new HttpApiAnswer(await _lambda.InvokeAsync(HttpApiEvent.Of("GET", "/items/7")));

        Assert.Equal(500, failed.Status);
        Assert.Empty(failed.Bytes);
        Assert.DoesNotContain("x-half", failed.Headers.Keys);
        Assert.Equal("7", next.Text);
    }

    [Theory]
    [InlineData("[]")]
    [InlineData("""{"Records":[]}""")]
    public async Task Request_EventOfAnotherKind_IsReportedAndTheNextIsServed(string json)
    {
        var failed = await _lambda.InvokeAsync(json);
        var next = new HttpApiAnswer(await _lambda.InvokeAsync(HttpApiEvent.Of("GET", "/items/7")));

        Assert.True(failed.Failed);
        Assert.Equal("7", next.Text);
    }

    private sealed record Seen(
        string Address,
        string Query,
        IHeaderDictionary Headers,
        string? RemoteAddress,
        byte[] Body
    )
    {
        public static async Task<Seen> OfAsync(HttpContext context)
        {
            var request = context.Request;
            using var body = new MemoryStream();
            await request.Body.CopyToAsync(body);
            return new Seen(
                $"{request.Method} {request.Scheme}://{request.Host}{request.PathBase}{request.Path}",
                request.QueryString.ToString(),
                new HeaderDictionary(request.Headers.ToDictionary()),
                context.Connection.RemoteIpAddress?.ToString(),
                body.ToArray()
            );
        }

        public IEnumerable<string?> QueryValues(string name) =>
            Microsoft.AspNetCore.WebUtilities.QueryHelpers.ParseQuery(Query)[name];
    }
}
