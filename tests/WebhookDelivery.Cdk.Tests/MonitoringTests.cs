using System.Text.Json.Nodes;

namespace WebhookDelivery.Cdk.Tests;

/// <summary>What raises an alarm, and who hears it.</summary>
public sealed class MonitoringTests
{
    [Theory]
    [InlineData("DeadLetters", "visible + hidden", ">=", 1, "notBreaching")]
    [InlineData("OldestMessage", "ApproximateAgeOfOldestMessage", ">=", 1200, "notBreaching")]
    [InlineData("ApiServerErrors", "5xx", ">=", 5, "notBreaching")]
    [InlineData("ApiErrors", "Errors", ">=", 1, "notBreaching")]
    [InlineData("WorkerErrors", "Errors", ">=", 1, "notBreaching")]
    [InlineData("DlqProcessorErrors", "Errors", ">=", 1, "notBreaching")]
    [InlineData("SweeperErrors", "Errors", ">=", 1, "notBreaching")]
    [InlineData("ApiThrottles", "Throttles", ">=", 1, "notBreaching")]
    [InlineData("WorkerThrottles", "Throttles", ">=", 1, "notBreaching")]
    [InlineData("DlqProcessorThrottles", "Throttles", ">=", 1, "notBreaching")]
    [InlineData("SweeperThrottles", "Throttles", ">=", 1, "notBreaching")]
    [InlineData("SweeperMissing", "Invocations", "<", 1, "breaching")]
    [InlineData(
        "EventsThrottling",
        "SUM([FILL(m0, 0), FILL(m1, 0), FILL(m2, 0), FILL(m3, 0), FILL(m4, 0), FILL(m5, 0)])",
        ">=",
        1,
        "notBreaching"
    )]
    [InlineData(
        "TenantsThrottling",
        "SUM([FILL(m0, 0), FILL(m1, 0), FILL(m2, 0), FILL(m3, 0)])",
        ">=",
        1,
        "notBreaching"
    )]
    public void Alarm_Usual_WatchesItsMetric(
        string name,
        string metric,
        string comparison,
        int threshold,
        string missing
    )
    {
        var alarm = StackTemplate.Usual.Properties("AWS::CloudWatch::Alarm", $"Monitoring{name}");

        Assert.Equal($"webhooks-{name}", (string?)alarm["AlarmName"]);
        Assert.NotEmpty((string)alarm["AlarmDescription"]!);
        Assert.Equal(metric, (string?)alarm["MetricName"] ?? Expression(alarm));
        Assert.Equal(
            comparison == "<" ? "LessThanThreshold" : "GreaterThanOrEqualToThreshold",
            (string?)alarm["ComparisonOperator"]
        );
        Assert.Equal(threshold, (double)alarm["Threshold"]!);
        Assert.Equal(missing, (string?)alarm["TreatMissingData"]);
        Assert.Null(alarm["AlarmActions"]);
    }

    [Theory]
    [InlineData("ApiErrors", "FunctionName", "FunctionsApiFunction")]
    [InlineData("WorkerErrors", "FunctionName", "FunctionsWorkerFunction")]
    [InlineData("DlqProcessorErrors", "FunctionName", "FunctionsDlqProcessorFunction")]
    [InlineData("SweeperErrors", "FunctionName", "FunctionsSweeperFunction")]
    [InlineData("SweeperMissing", "FunctionName", "FunctionsSweeperFunction")]
    [InlineData("OldestMessage", "QueueName", "QueuesDeliveries")]
    [InlineData("ApiServerErrors", "ApiId", "ApiGateway")]
    public void Alarm_Usual_WatchesItsResource(string name, string dimension, string resource)
    {
        var dimensions = StackTemplate.Usual.Properties(
            "AWS::CloudWatch::Alarm",
            $"Monitoring{name}"
        )["Dimensions"]!;

        var only = Assert.Single(dimensions.AsArray())!;
        Assert.Equal(dimension, (string?)only["Name"]);
        Assert.Equal(resource, StackTemplate.Resolve(only["Value"]!));
    }

    [Fact]
    public void DeadLettersAlarm_HiddenMessages_CountToo()
    {
        var metrics = StackTemplate.Usual.Properties(
            "AWS::CloudWatch::Alarm",
            "MonitoringDeadLetters"
        )["Metrics"]!;

        Assert.Equal(
            [
                "ApproximateNumberOfMessagesNotVisible of QueuesDeadLetters",
                "ApproximateNumberOfMessagesVisible of QueuesDeadLetters",
            ],
            metrics
                .AsArray()
                .Select(each => each!["MetricStat"]?["Metric"])
                .OfType<JsonNode>()
                .Select(each =>
                    $"{each["MetricName"]} of {StackTemplate.Resolve(each["Dimensions"]![0]!["Value"]!)}"
                )
                .Order(StringComparer.Ordinal)
        );
    }

    [Theory]
    [InlineData("EventsThrottling", "StorageEvents", "due-index", "status-index")]
    [InlineData("TenantsThrottling", "StorageTenants", "list-index")]
    public void ThrottlingAlarm_Usual_WatchesTheTableAndItsIndexes(
        string name,
        string table,
        params string[] indexes
    )
    {
        var metrics = StackTemplate.Usual.Properties("AWS::CloudWatch::Alarm", $"Monitoring{name}")[
            "Metrics"
        ]!;

        var watched = metrics
            .AsArray()
            .Select(each => each!["MetricStat"]?["Metric"])
            .OfType<JsonNode>()
            .Select(each =>
                string.Join(
                    ' ',
                    each["Dimensions"]!
                        .AsArray()
                        .OrderByDescending(dimension => (string?)dimension!["Name"])
                        .Select(dimension => StackTemplate.Resolve(dimension!["Value"]!))
                        .Prepend((string?)each["MetricName"])
                )
            );

        string[] places = [table, .. indexes.Select(index => $"{table} {index}")];
        string[] directions = ["ReadThrottleEvents", "WriteThrottleEvents"];
        Assert.Equal(
            directions.SelectMany(direction => places.Select(place => $"{direction} {place}")),
            watched.Order(StringComparer.Ordinal)
        );
    }

    [Fact]
    public void Alarms_WithoutAReceiver_AreThereAllTheSame()
    {
        Assert.Equal(14, StackTemplate.Usual.All("AWS::CloudWatch::Alarm").Count);
        Assert.Empty(StackTemplate.Usual.All("AWS::SNS::Topic"));
    }

    [Fact]
    public void Alarms_WithReceivers_TellThemAtBothEnds()
    {
        string[] receivers = ["arn:aws:sns:eu-west-1:123456789012:pager", "MonitoringTopic"];

        Assert.All(
            StackTemplate.Changed.All("AWS::CloudWatch::Alarm"),
            each =>
            {
                var alarm = each["Properties"]!;
                Assert.Equal(receivers, StackTemplate.Several(alarm["AlarmActions"]));
                Assert.Equal(receivers, StackTemplate.Several(alarm["OKActions"]));
            }
        );
        var subscription = Assert.Single(StackTemplate.Changed.All("AWS::SNS::Subscription"))[
            "Properties"
        ]!;
        Assert.Equal("email", (string?)subscription["Protocol"]);
        Assert.Equal("ops@example.com", (string?)subscription["Endpoint"]);
    }

    [Fact]
    public void Topic_Policy_LetsThisAccountsAlarmsPublishOverTlsOnly()
    {
        var policy = Assert.Single(StackTemplate.Changed.All("AWS::SNS::TopicPolicy"));
        var statements = policy["Properties"]!["PolicyDocument"]!["Statement"]!.AsArray();

        Assert.Equal(2, statements.Count);
        var allow = statements.Single(each => (string?)each!["Effect"] == "Allow")!;
        var deny = statements.Single(each => (string?)each!["Effect"] == "Deny")!;
        Assert.Equal("cloudwatch.amazonaws.com", (string?)allow["Principal"]!["Service"]);
        Assert.Equal("sns:Publish", (string?)allow["Action"]);
        Assert.Equal(
            "AWS::AccountId",
            StackTemplate.Resolve(allow["Condition"]!["StringEquals"]!["aws:SourceAccount"]!)
        );
        Assert.Equal("false", (string?)deny["Condition"]!["Bool"]!["aws:SecureTransport"]);
    }

    [Fact]
    public void Dashboard_Usual_ShowsEveryPart()
    {
        var dashboard = Assert.Single(StackTemplate.Usual.All("AWS::CloudWatch::Dashboard"))[
            "Properties"
        ]!;
        var body = StackTemplate.Resolve(dashboard["DashboardBody"]!);

        Assert.Equal("webhooks-WebhookDelivery", (string?)dashboard["DashboardName"]);
        foreach (
            var part in (string[])
                [
                    "ApiGateway",
                    "QueuesDeliveries",
                    "QueuesDeadLetters",
                    "FunctionsApiFunction",
                    "FunctionsWorkerFunction",
                    "FunctionsDlqProcessorFunction",
                    "FunctionsSweeperFunction",
                    "StorageEvents",
                    "StorageTenants",
                    "list-index",
                    "due-index",
                    "status-index",
                ]
        )
        {
            Assert.Contains(part, body, StringComparison.Ordinal);
        }
    }

    private static string? Expression(JsonNode alarm) =>
        alarm["Metrics"]!
            .AsArray()
            .Select(each => (string?)each!["Expression"])
            .Single(each => each is not null);
}
