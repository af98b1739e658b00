using Amazon.CDK;
using Amazon.CDK.AWS.CloudWatch;
using Amazon.CDK.AWS.CloudWatch.Actions;
using Amazon.CDK.AWS.IAM;
using Amazon.CDK.AWS.SNS;
using Amazon.CDK.AWS.SNS.Subscriptions;
using Constructs;

namespace WebhookDelivery.Cdk;

/// <summary>Alarms, whom they tell, and the dashboard.</summary>
internal sealed class Monitoring : Construct
{
    public Monitoring(
        Construct scope,
        DeploymentSettings settings,
        Storage storage,
        Queues queues,
        Functions functions,
        Api api
    )
        : base(scope, "Monitoring")
    {
        var alarms = new Alarms(this, settings.Prefix);
        alarms.AddQueues(queues);
        alarms.AddApi(api);
        alarms.AddFunctions(functions);
        alarms.AddStorage(storage);
        foreach (var topic in FindTopics(settings))
        {
            foreach (var alarm in alarms.All)
            {
                alarm.AddAlarmAction(new SnsAction(topic));
                alarm.AddOkAction(new SnsAction(topic));
            }
        }

        var dashboard = new WebhookDashboard(
            this,
            settings.Prefix,
            storage,
            queues,
            functions,
            api
        );
        var region = Stack.Of(this).Region;
        DashboardUrl =
            $"https://{region}.console.aws.amazon.com/cloudwatch/home?region={region}#dashboards:name={dashboard.Name}";
    }

    /// <summary>Where the dashboard is, in the console.</summary>
    public string DashboardUrl { get; }

    private IEnumerable<ITopic> FindTopics(DeploymentSettings settings)
    {
        if (settings.AlarmTopicArn is { } arn)
        {
            yield return Topic.FromTopicArn(this, "GivenTopic", arn);
        }

        if (settings.AlarmEmail is { } email)
        {
            yield return NewTopic(settings.Prefix, email);
        }
    }

    private Topic NewTopic(string prefix, string email)
    {
        var topic = new Topic(
            this,
            "Topic",
            new TopicProps
            {
                TopicName = $"{prefix}-Alarms",
                DisplayName = $"Alarms of {prefix}",
                EnforceSSL = true,
            }
        );

        // A policy of its own takes the place of the one that lets the account's alarms publish.
        topic.AddToResourcePolicy(
            new PolicyStatement(
                new PolicyStatementProps
                {
                    Principals = [new ServicePrincipal("cloudwatch.amazonaws.com")],
                    Actions = ["sns:Publish"],
                    Resources = [topic.TopicArn],
                    Conditions = new Dictionary<string, object>(StringComparer.Ordinal)
                    {
                        ["StringEquals"] = new Dictionary<string, object>(StringComparer.Ordinal)
                        {
                            ["aws:SourceAccount"] = Stack.Of(this).Account,
                        },
                    },
                }
            )
        );
        topic.AddSubscription(new EmailSubscription(email));
        return topic;
    }
}
