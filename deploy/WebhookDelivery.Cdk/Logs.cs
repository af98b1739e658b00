using Amazon.CDK;
using Amazon.CDK.AWS.Logs;
using Constructs;

namespace WebhookDelivery.Cdk;

/// <summary>Makes logs that are kept as long as the settings say, and go with the stack.</summary>
internal static class Logs
{
    /// <summary>A log of a name.</summary>
    public static LogGroup New(Construct scope, string id, string name, DeploymentSettings settings)
    {
        var log = new LogGroup(
            scope,
            id,
            new LogGroupProps { LogGroupName = name, RemovalPolicy = RemovalPolicy.DESTROY }
        );

        // In C# RetentionDays are ordinals, not days: the number itself goes to the resource below.
        ((CfnLogGroup)log.Node.DefaultChild!).RetentionInDays = settings.LogRetentionDays;
        return log;
    }
}
