using Microsoft.Extensions.Configuration;
using WebhookDelivery.Hosting;

namespace WebhookDelivery.Lambda.Tests;

public sealed class FunctionSettingTests
{
    [Theory]
    [InlineData("Api", LambdaFunction.Api)]
    [InlineData("worker", LambdaFunction.Worker)]
    [InlineData("DlqProcessor", LambdaFunction.DlqProcessor)]
    [InlineData("SWEEPER", LambdaFunction.Sweeper)]
    internal void Read_Name_IsTheFunction(string text, LambdaFunction function) =>
        Assert.Equal(function, Read(text));

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("1")]
    [InlineData("Api,Worker")]
    public void Read_AnythingElse_SaysWhatThereIs(string? text)
    {
        var exception = Assert.Throws<StartException>(() => Read(text));

        Assert.Equal(
            "WebhookDelivery:Function must say which function this is: Api, Worker, DlqProcessor, Sweeper.",
            exception.Message
        );
    }

    private static LambdaFunction Read(string? text) =>
        FunctionSetting.Read(
            new ConfigurationBuilder()
                .AddInMemoryCollection([new("WebhookDelivery:Function", text)])
                .Build()
        );
}
