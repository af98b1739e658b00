using Amazon.CDK;
using Constructs;

namespace WebhookDelivery.Cdk;

/// <summary>
/// Where the operator key is: a SecureString parameter, which CloudFormation cannot make, since a
/// template must not hold a secret. `scripts/deploy.sh` writes it before the first deployment, and the
/// API reads it when it starts.
/// </summary>
internal sealed class AdminKey
{
    public AdminKey(Construct scope, DeploymentSettings settings) =>
        Arn = Stack
            .Of(scope)
            .FormatArn(
                new ArnComponents
                {
                    Service = "ssm",
                    Resource = "parameter",
                    ResourceName = $"webhook-delivery/{settings.Prefix}/admin-key",
                }
            );

    /// <summary>The parameter's ARN; its name is <c>/webhook-delivery/{prefix}/admin-key</c>.</summary>
    public string Arn { get; }
}
