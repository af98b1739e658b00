using Amazon;
using Amazon.Runtime;
using Amazon.Runtime.Endpoints;
using Amazon.SQS;
using Amazon.SQS.Model;
using WebhookDelivery.Testing;

namespace AwsStandIns.Tests.Sqs;

/// <summary>Where requests go. Alone, as the environment is everybody's.</summary>
[CollectionDefinition(nameof(EndpointTests), DisableParallelization = true)]
[Collection(nameof(EndpointTests))]
public sealed class EndpointTests
{
    [Theory]
    [InlineData("eu-central-1", false, false, "https://sqs.eu-central-1.amazonaws.com/")]
    [InlineData("cn-north-1", false, false, "https://sqs.cn-north-1.amazonaws.com.cn/")]
    [InlineData("eu-central-1", false, true, "https://sqs.eu-central-1.api.aws/")]
    [InlineData("us-east-1", true, false, "https://sqs-fips.us-east-1.amazonaws.com/")]
    [InlineData("us-gov-west-1", true, false, "https://sqs.us-gov-west-1.amazonaws.com/")]
    [InlineData("us-east-1", true, true, "https://sqs-fips.us-east-1.api.aws/")]
    public void Region_HasItsEndpoint(string region, bool fips, bool dualStack, string expected)
    {
        var config = new AmazonSQSConfig
        {
            RegionEndpoint = RegionEndpoint.GetBySystemName(region),
            UseFIPSEndpoint = fips,
            UseDualstackEndpoint = dualStack,
        };

        Assert.Equal(expected, EndpointOf(config));
    }

    [Fact]
    public void ServiceUrl_WithFips_IsRefused() =>
        Assert.Throws<AmazonClientException>(() =>
            EndpointOf(
                new AmazonSQSConfig { ServiceURL = "http://127.0.0.1:1", UseFIPSEndpoint = true }
            )
        );

    [Fact]
    public void ServiceUrl_BeatsTheEnvironment()
    {
        using var _ = new EnvironmentSetting("AWS_ENDPOINT_URL_SQS", "http://127.0.0.1:2");

        Assert.Equal(
            "http://127.0.0.1:1/",
            EndpointOf(new AmazonSQSConfig { ServiceURL = "http://127.0.0.1:1" })
        );
    }

    [Theory]
    [InlineData("AWS_ENDPOINT_URL_SQS")]
    [InlineData("AWS_ENDPOINT_URL")]
    public async Task EnvironmentsEndpointCredentialsAndRegion_AreUsed(string variable)
    {
        var emulators = await AwsEmulators.Shared;
        using var endpoint = new EnvironmentSetting(variable, emulators.SqsUrl);
        using var region = new EnvironmentSetting("AWS_REGION", "eu-west-1");
        using var key = new EnvironmentSetting("AWS_ACCESS_KEY_ID", "from-environment");
        using var secret = new EnvironmentSetting("AWS_SECRET_ACCESS_KEY", "secret");
        using var sqs = new AmazonSQSClient();

        var queue = await sqs.NewQueueAsync();

        Assert.Contains("eu-west-1", queue);
    }

    [Fact]
    public void Timeout_ByDefault_OutlastsEveryLongPoll() =>
        // Null leaves HttpClient its 100 s; SQS holds a poll for 20 s at most.
        Assert.Null(new AmazonSQSConfig { RegionEndpoint = RegionEndpoint.USEast1 }.Timeout);

    private static string EndpointOf(AmazonSQSConfig config) =>
        config
            .DetermineServiceOperationEndpoint(
                new ServiceOperationEndpointParameters(new GetQueueUrlRequest())
            )
            .URL;

    private sealed class EnvironmentSetting : IDisposable
    {
        private readonly string _name;
        private readonly string? _before;

        public EnvironmentSetting(string name, string value)
        {
            _name = name;
            _before = Environment.GetEnvironmentVariable(name);
            Environment.SetEnvironmentVariable(name, value);
        }

        public void Dispose() => Environment.SetEnvironmentVariable(_name, _before);
    }
}
