using WebhookDelivery.Core;
using WebhookDelivery.Testing;

namespace WebhookDelivery.Cdk.Tests;

/// <summary>What an operator sees of the stack.</summary>
public sealed class StackTests
{
    [Fact]
    public void Outputs_Usual_NameWhatOperatorsNeed() =>
        Assert.Equal(
            new SortedDictionary<string, string>(StringComparer.Ordinal)
            {
                ["AdminKeySecretArn"] =
                    "arn:AWS::Partition:ssm:AWS::Region:AWS::AccountId:parameter/webhook-delivery/webhooks/admin-key",
                ["ApiUrl"] = "ApiGateway",
                ["DashboardUrl"] =
                    "https://AWS::Region.console.aws.amazon.com/cloudwatch/home?region=AWS::Region#dashboards:name=webhooks-WebhookDelivery",
                ["DeadLetterQueueUrl"] = "QueuesDeadLetters",
                ["DlqProcessorFunctionName"] = "webhooks-DlqProcessor",
                ["EventsTableName"] = "StorageEvents",
                ["PayloadBucketName"] = "StoragePayloads",
                ["QueueUrl"] = "QueuesDeliveries",
                ["Settings"] =
                    "retain=true logRetentionDays=30 eventDays=30 deadLetterDays=14 throttleRate=1000 throttleBurst=2000 workerConcurrency=50 alarmEmail= alarmTopicArn= hostedZone=",
                ["SweeperFunctionName"] = "webhooks-Sweeper",
                ["TenantKeyArn"] = "StorageTenantKey",
                ["TenantsTableName"] = "StorageTenants",
            },
            new SortedDictionary<string, string>(
                StackTemplate.Usual.Outputs.ToDictionary(),
                StringComparer.Ordinal
            )
        );

    [Fact]
    public void Template_Usual_HoldsNoSecretAndNoCustomResource()
    {
        Assert.DoesNotContain("wha_", StackTemplate.Usual.Text, StringComparison.Ordinal);
        Assert.DoesNotContain("Custom::", StackTemplate.Usual.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task AdminKey_Command_PrintsAnOperatorKeyAndNothingElse()
    {
        await using var program = ServerProcess.Start(
            Path.Combine(AppContext.BaseDirectory, "WebhookDelivery.Cdk.dll"),
            AppContext.BaseDirectory,
            ["admin-key"]
        );
        var line = await program.WaitForLineAsync("wha_", TimeSpan.FromSeconds(30));

        var key = ApiKeyToken.ReadOperatorKey(line, DateTimeOffset.UnixEpoch);
        Assert.Equal(ApiKeyRole.Operator, key?.Role);
        Assert.Equal(line, program.Transcript.Split('\n')[0]);
    }
}
