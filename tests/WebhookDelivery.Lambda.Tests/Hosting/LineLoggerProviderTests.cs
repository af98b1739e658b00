using Microsoft.Extensions.Logging;

namespace WebhookDelivery.Lambda.Tests;

public sealed class LineLoggerProviderTests
{
    [Fact]
    public void Log_Entry_IsOneLineAtOnce()
    {
        using var output = new StringWriter { NewLine = "\n" };
        using var provider = new LineLoggerProvider(output);

        provider
            .CreateLogger("Some.Category")
            .Log(
                LogLevel.Warning,
                new EventId(7),
                "said\nagain",
                new FormatException("Bad."),
                (state, _) => state
            );

        Assert.Equal(
            "warn: Some.Category[7] said\ragain System.FormatException: Bad.\n",
            output.ToString()
        );
    }
}
