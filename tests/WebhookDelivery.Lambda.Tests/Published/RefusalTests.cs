using WebhookDelivery.Testing;

namespace WebhookDelivery.Lambda.Tests;

/// <summary>The API when the store refuses, and functions whose time runs out.</summary>
[Collection(FunctionFixture.Collection)]
public sealed class RefusalTests(FunctionFixture functions)
{
    private static readonly TimeSpan s_noTime = TimeSpan.FromSeconds(1);

    [Fact]
    public async Task Api_StoreThrottled_AnswersOverloadedWithRetryAfter()
    {
        var tenant = await functions.CreateTenantAsync();
        var throttled = AwsFault.Refuse("ProvisionedThroughputExceededException");
        HttpApiAnswer answer;
        using (
            functions.Home.WayToDynamoDb.On(
                request => request.Operation == "PutItem" && tenant.IsOwn(request),
                throttled
            )
        )
        {
            answer = await tenant.CallAsync("POST", "/v1/events", "{}");
        }

        Assert.Equal(503, answer.Status);
        Assert.Contains("\"code\":\"overloaded\"", answer.Text, StringComparison.Ordinal);
        Assert.Equal("1", answer.Headers["Retry-After"]);
        Assert.Equal(201, (await tenant.CallAsync("POST", "/v1/events", "{}")).Status);
    }

    [Fact]
    public async Task Sweeper_TimeOver_SaysThatItDidNotFinish()
    {
        var end = await functions.Sweeper.Lambda.InvokeAsync("{}", s_noTime);

        Assert.Equal("""{"finished":false}""", end.Text);
    }

    [Fact]
    public async Task DlqProcessor_TimeOver_FailsAndSaysHowToGoOn()
    {
        await using var processor = await functions.StartAsync("DlqProcessor");

        var end = await processor.Lambda.InvokeAsync("{}", s_noTime);

        Assert.True(end.Failed);
        Assert.Equal("TimeoutException", end.ErrorType);
        Assert.Contains("invoke again for the rest", end.Text, StringComparison.Ordinal);
    }
}
