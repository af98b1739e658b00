using Amazon.DynamoDBv2;
using Amazon.KeyManagementService;
using Amazon.S3;
using Amazon.SQS;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Logging;
using WebhookDelivery.Core;

namespace WebhookDelivery.Aws;

/// <summary>Registers the AWS engine.</summary>
public static class AwsServiceCollectionExtensions
{
    /// <summary>
    /// Adds the ports on DynamoDB, SQS and S3, unless they are registered already. The clients find
    /// region, credentials and endpoints as every AWS SDK does; clients that are registered already
    /// are used as they are.
    /// </summary>
    public static IServiceCollection AddAwsEngine(
        this IServiceCollection services,
        AwsEngineOptions options
    )
    {
        services.TryAddSingleton(options);
        services.TryAddSingleton<IAmazonDynamoDB>(_ => new AmazonDynamoDBClient(
            AwsClients.DynamoDb()
        ));
        services.TryAddSingleton<IAmazonSQS>(_ => new AmazonSQSClient(AwsClients.Sqs()));
        services.TryAddSingleton<IAmazonS3>(_ => new AmazonS3Client(AwsClients.S3()));

        services.TryAddSingleton<AwsProvisioning>();
        services.TryAddSingleton(provider => new AwsEngine(
            provider.GetRequiredService<AwsEngineOptions>(),
            provider.GetRequiredService<AwsProvisioning>(),
            provider.GetRequiredService<EventShards>()
        ));
        services.TryAddSingleton<AwsHealth>();
        services.TryAddSingleton<EventShards>();
        services.TryAddSingleton<ITenantStore, DynamoTenantStore>();
        services.TryAddSingleton<IEventStore, DynamoEventStore>();
        services.TryAddSingleton<IStatisticsStore, DynamoStatisticsStore>();
        services.TryAddSingleton<IRecoveryStore, DynamoRecoveryStore>();
        services.TryAddSingleton<ISharedRateLimiter, DynamoRateLimiter>();
        services.AddSqsQueue();
        services.AddDeadLetters();
        return services;
    }

    /// <summary>Protects secrets by data keys that a KMS key wraps.</summary>
    /// <param name="services">Where to add it.</param>
    /// <param name="keyId">The key's id, ARN or alias.</param>
    public static IServiceCollection AddKmsSecretProtector(
        this IServiceCollection services,
        string keyId
    )
    {
        services.TryAddSingleton<IAmazonKeyManagementService>(
            _ => new AmazonKeyManagementServiceClient(AwsClients.Kms())
        );
        services.TryAddSingleton(new KmsSecretProtectorOptions { KeyId = keyId });
        services.TryAddSingleton<ISecretProtector, KmsSecretProtector>();
        return services;
    }
}
