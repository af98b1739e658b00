using Microsoft.Extensions.Logging.Abstractions;

namespace WebhookDelivery.Http.Tests;

public sealed class HttpSenderOptionsTests
{
    [Fact]
    public void Defaults_AreTheSafeOnes()
    {
        var options = new HttpSenderOptions();

        Assert.Empty(options.Faults());
        Assert.False(options.AllowHttp);
        Assert.False(options.AnyPort);
        Assert.Empty(options.AllowedNetworks);
        Assert.Equal([443, 8443], options.AllowedPorts);
        Assert.Equal("0.1.0", options.Version);
    }

    [Fact]
    public void Faults_SeveralWrongValues_NamesThemAll()
    {
        var options = new HttpSenderOptions
        {
            BreakerFailureRatio = 0,
            BreakerThroughputMin = 1,
            BreakDuration = TimeSpan.Zero,
            BreakerSampling = TimeSpan.FromDays(2),
            BreakersMax = 0,
            AllowedPorts = [0],
            ResponseHeadersKibMax = 0,
            Version = "1\r\n",
        };

        Assert.Equal(
            [
                "AllowedPorts",
                "BreakDuration",
                "BreakerFailureRatio",
                "BreakerSampling",
                "BreakerThroughputMin",
                "BreakersMax",
                "ResponseHeadersKibMax",
                "Version",
            ],
            options.Faults().Select(fault => fault.Split(' ')[0]).Order(StringComparer.Ordinal)
        );
        Assert.Throws<ArgumentException>(() =>
            new WebhookSender(
                options,
                new SystemHostResolver(),
                TimeProvider.System,
                NullLogger<WebhookSender>.Instance
            )
        );
    }

    [Fact]
    public void Faults_NoPorts_OnlyWithAnyPort()
    {
        var none = new HttpSenderOptions { AllowedPorts = [] };

        Assert.Single(none.Faults());
        Assert.Empty((none with { AnyPort = true }).Faults());
    }
}
