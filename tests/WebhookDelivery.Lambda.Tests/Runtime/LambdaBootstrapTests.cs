using System.Text.Json;
using Amazon.Lambda.Core;
using Amazon.Lambda.RuntimeSupport;
using Amazon.Lambda.Serialization.SystemTextJson;

namespace WebhookDelivery.Lambda.Tests;

/// <summary>The loop on the Runtime API, through the members that the functions use.</summary>
[Collection(LambdaEnvironment.Collection)]
public sealed class LambdaBootstrapTests : IAsyncLifetime
{
    private readonly CancellationTokenSource _stopping = new();
    private RuntimeApiDouble _lambda = null!;
    private LambdaEnvironment _environment = null!;
    private LambdaBootstrap? _bootstrap;
    private Task _running = Task.CompletedTask;

    public async ValueTask InitializeAsync()
    {
        _lambda = await RuntimeApiDouble.StartAsync();
        _environment = new LambdaEnvironment(_lambda.Address);
    }

    public async ValueTask DisposeAsync()
    {
        await _stopping.CancelAsync();
        await _running.WaitAsync(TimeSpan.FromSeconds(10));
        _bootstrap?.Dispose();
        _environment.Dispose();
        await _lambda.DisposeAsync();
        _stopping.Dispose();
    }

    [Fact]
    public async Task RunAsync_Events_AreAnsweredOneAfterTheOther()
    {
        Start((greeting, _) => Task.FromResult(greeting with { Name = $"Hello, {greeting.Name}" }));

        var first = await _lambda.InvokeAsync("""{"Name":"Zoë <&>"}""");
        var second = await _lambda.InvokeAsync("""{"name":"you","unknown":[1]}""");

        Assert.Equal(
            new InvocationEnd(
                false,
                """{"name":"Hello, Zoë <&>"}""",
                "application/json",
                ErrorType: null
            ),
            first
        );
        Assert.Equal("""{"name":"Hello, you"}""", second.Text);
    }

    [Fact]
    public async Task RunAsync_HandlerThrows_IsReportedAndTheNextIsServed()
    {
        Start(
            (greeting, _) =>
                greeting.Name == "bad"
                    ? throw new InvalidOperationException("No.", new FormatException("Inner."))
                    : Task.FromResult(greeting)
        );

        var failed = await _lambda.InvokeAsync("""{"name":"bad"}""");
        var next = await _lambda.InvokeAsync("""{"name":"good"}""");

        Assert.True(failed.Failed);
        Assert.Equal("InvalidOperationException", failed.ErrorType);
        Assert.Equal("application/vnd.aws.lambda.error+json", failed.ContentType);
        using var error = JsonDocument.Parse(failed.Text);
        Assert.Equal(
            "InvalidOperationException",
            error.RootElement.GetProperty("errorType").GetString()
        );
        Assert.Equal("No.", error.RootElement.GetProperty("errorMessage").GetString());
        Assert.NotEqual(0, error.RootElement.GetProperty("stackTrace").GetArrayLength());
        Assert.Equal(
            "Inner.",
            error.RootElement.GetProperty("cause").GetProperty("errorMessage").GetString()
        );
        Assert.Equal("""{"name":"good"}""", next.Text);
    }

    [Fact]
    public async Task RunAsync_EventIsNotOfTheType_IsReportedAndTheNextIsServed()
    {
        Start((greeting, _) => Task.FromResult(greeting));

        var failed = await _lambda.InvokeAsync("""{"name":[]}""");
        var next = await _lambda.InvokeAsync("""{"name":"good"}""");

        Assert.Equal("JsonSerializerException", failed.ErrorType);
        Assert.False(next.Failed);
    }

    [Fact]
    public async Task RunAsync_InitializerThrows_IsReportedAndThrown()
    {
        _bootstrap = Builder((greeting, _) => Task.FromResult(greeting))
            .UseBootstrapHandler(() => throw new InvalidOperationException("Cannot start."))
            .Build();

        await Assert.ThrowsAsync<InvalidOperationException>(() =>
            _bootstrap.RunAsync(_stopping.Token)
        );

        var error = await _lambda.InitError;
        Assert.Equal("InvalidOperationException", error.ErrorType);
        Assert.Contains("Cannot start.", error.Text, StringComparison.Ordinal);
        Assert.Equal(0, _lambda.Asked);
    }

    [Fact]
    public async Task RunAsync_InitializerRefuses_NothingIsServed()
    {
        _bootstrap = Builder((greeting, _) => Task.FromResult(greeting))
            .UseBootstrapHandler(() => Task.FromResult(false))
            .Build();

        await _bootstrap.RunAsync(_stopping.Token);

        Assert.Equal(0, _lambda.Asked);
    }

    [Fact]
    public async Task RemainingTime_InTheHandler_IsTheDeadlineLessNow()
    {
        var seen = new List<TimeSpan>();
        var ids = new HashSet<string>();
        Start(
            (greeting, context) =>
            {
                seen.Add(context.RemainingTime);
                ids.Add(context.AwsRequestId);
                return Task.FromResult(greeting);
            }
        );

        await _lambda.InvokeAsync("{}", TimeSpan.FromMinutes(10));
        await _lambda.InvokeAsync("{}", TimeSpan.FromMinutes(-1));

        Assert.InRange(seen[0], TimeSpan.FromMinutes(9), TimeSpan.FromMinutes(10));
        Assert.InRange(seen[1], TimeSpan.FromMinutes(-2), TimeSpan.FromMinutes(-1));
        Assert.Equal(2, ids.Count);
    }

    [Fact]
    public async Task TraceId_OfEachInvocation_IsInTheEnvironment()
    {
        const string Trace = "Root=1-5bef4de7-ad49b0e87f6ef6c87fc2e700;Sampled=1";
        Start(
            (_, _) =>
                Task.FromResult(
                    new Greeting(Environment.GetEnvironmentVariable("_X_AMZN_TRACE_ID"))
                )
        );

        var traced = await _lambda.InvokeAsync("{}", traceId: Trace);
        var untraced = await _lambda.InvokeAsync("{}");

        Assert.Equal($$"""{"name":"{{Trace}}"}""", traced.Text);
        Assert.Equal("{}", untraced.Text);
    }

    [Fact]
    public async Task RunAsync_AnswerTooLargeForLambda_IsReportedAndTheNextIsServed()
    {
        Start(
            (greeting, _) =>
                Task.FromResult(
                    greeting with
                    {
                        Note = new string('x', greeting.Name!.Length << 22),
                    }
                )
        );

        var failed = await _lambda.InvokeAsync("""{"name":"xx"}""");
        var next = await _lambda.InvokeAsync("""{"name":""}""");

        Assert.True(failed.Failed);
        Assert.Contains("larger", failed.Text, StringComparison.Ordinal);
        Assert.False(next.Failed);
    }

    [Fact]
    public async Task RunAsync_CancelledWhileWaiting_Ends()
    {
        Start((greeting, _) => Task.FromResult(greeting));
        await _lambda.InvokeAsync("{}");

        await _stopping.CancelAsync();

        await _running.WaitAsync(TimeSpan.FromSeconds(10));
        Assert.True(_running.IsCompletedSuccessfully);
    }

    private static LambdaBootstrapBuilder Builder(
        Func<Greeting, ILambdaContext, Task<Greeting>> handler
    ) =>
        LambdaBootstrapBuilder.Create(
            handler,
            new SourceGeneratorLambdaJsonSerializer<GreetingJson>()
        );

    private void Start(Func<Greeting, ILambdaContext, Task<Greeting>> handler)
    {
        _bootstrap = Builder(handler).Build();
        _running = _bootstrap.RunAsync(_stopping.Token);
    }
}
