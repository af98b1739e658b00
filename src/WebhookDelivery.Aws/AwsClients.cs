using Amazon.DynamoDBv2;
using Amazon.KeyManagementService;
using Amazon.Runtime;
using Amazon.S3;
using Amazon.SQS;

namespace WebhookDelivery.Aws;

/// <summary>
/// How the clients behave. Nothing here says where AWS is: that is for the environment, which the SDK
/// reads by itself.
/// </summary>
internal static class AwsClients
{
    /// <summary>Beyond the first try: short blips end here, the rest is the caller's to wait for.</summary>
    private const int RetriesMax = 3;

    /// <summary>A request to DynamoDB takes milliseconds; what takes longer is lost.</summary>
    private static readonly TimeSpan s_timeout = TimeSpan.FromSeconds(5);

    public static AmazonDynamoDBConfig DynamoDb() => Tune(new AmazonDynamoDBConfig(), s_timeout);

    public static AmazonKeyManagementServiceConfig Kms() =>
        Tune(new AmazonKeyManagementServiceConfig(), s_timeout);

    /// <summary>Long polls last 20 s.</summary>
    public static AmazonSQSConfig Sqs() => Tune(new AmazonSQSConfig(), TimeSpan.FromSeconds(30));

    public static AmazonS3Config S3()
    {
        var config = Tune(new AmazonS3Config(), TimeSpan.FromSeconds(15));
        // Where an endpoint is given it is an emulator, or a gateway, without a name for each bucket.
        config.ForcePathStyle = HasS3Endpoint();
        return config;
    }

    private static bool HasS3Endpoint() =>
        IsSet("AWS_ENDPOINT_URL_S3") || IsSet("AWS_ENDPOINT_URL");

    private static bool IsSet(string variable) =>
        !string.IsNullOrEmpty(Environment.GetEnvironmentVariable(variable));

    private static T Tune<T>(T config, TimeSpan timeout)
        where T : ClientConfig
    {
        config.RetryMode = RequestRetryMode.Standard;
        config.MaxErrorRetry = RetriesMax;
        config.Timeout = timeout;
        return config;
    }
}
