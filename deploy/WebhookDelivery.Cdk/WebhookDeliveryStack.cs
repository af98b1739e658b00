using Amazon.CDK;
using Constructs;

namespace WebhookDelivery.Cdk;

/// <summary>
/// The whole deployment. What loses data when it is lost (tables, bucket, queues, key) outlives the
/// stack, unless the settings say otherwise.
/// </summary>
internal sealed class WebhookDeliveryStack : Stack
{
    public WebhookDeliveryStack(Construct scope, DeploymentSettings settings)
        : base(
            scope,
            settings.StackName,
            new StackProps
            {
                StackName = settings.StackName,
                Description = "WebhookDelivery: stores events, signs them, delivers them.",
            }
        )
    {
        var storage = new Storage(this, settings);
        var queues = new Queues(this, settings);
        var adminKey = new AdminKey(this, settings);
        var functions = new Functions(this, settings, storage, queues, adminKey);
        var api = new Api(this, settings, functions.Api);
        var monitoring = new Monitoring(this, settings, storage, queues, functions, api);

        Output("ApiUrl", api.Url, "Where the API answers.");
        Output("EventsTableName", storage.Events.TableName, "Events, deliveries, attempts.");
        Output("TenantsTableName", storage.Tenants.TableName, "Tenants, API keys, endpoints.");
        Output("QueueUrl", queues.Deliveries.QueueUrl, "Due deliveries.");
        Output("DeadLetterQueueUrl", queues.DeadLetters.QueueUrl, "Dead letters.");
        Output("PayloadBucketName", storage.Payloads.BucketName, "Payloads above 16 KiB.");
        Output("TenantKeyArn", storage.TenantKey.KeyArn, "Wraps the tenants' data keys.");
        Output("AdminKeySecretArn", adminKey.Arn, "The operator key, a SecureString of SSM.");
        Output(
            "DlqProcessorFunctionName",
            functions.DlqProcessor.Name,
            "Requeues dead letters when it is invoked."
        );
        Output("SweeperFunctionName", functions.Sweeper.Name, "Runs every minute by itself.");
        Output("Settings", SettingsInForce.Write(settings), "What it was deployed with.");
        Output("DashboardUrl", monitoring.DashboardUrl, "The dashboard.");
    }

    private void Output(string name, string value, string description) =>
        _ = new CfnOutput(
            this,
            name,
            new CfnOutputProps { Value = value, Description = description }
        );
}
