using System.Text.Json.Nodes;

namespace WebhookDelivery.Cdk.Tests;

/// <summary>Four functions of one program, and what invokes them.</summary>
public sealed class FunctionTests
{
    [Theory]
    [InlineData("Api", 29, 1024)]
    [InlineData("Worker", 60, 1024)]
    [InlineData("DlqProcessor", 900, 512)]
    [InlineData("Sweeper", 50, 512)]
    public void Function_Usual_RunsTheProgramOnTheManagedRuntime(
        string name,
        int timeoutSeconds,
        int memoryMegabytes
    )
    {
        var function = Function(StackTemplate.Usual, name);

        Assert.Equal($"webhooks-{name}", (string?)function["FunctionName"]);
        Assert.Equal("dotnet10", (string?)function["Runtime"]);
        Assert.Equal("WebhookDelivery.Lambda", (string?)function["Handler"]);
        Assert.Equal(["x86_64"], StackTemplate.Several(function["Architectures"]));
        Assert.Equal(timeoutSeconds, (double)function["Timeout"]!);
        Assert.Equal(memoryMegabytes, (double)function["MemorySize"]!);
        Assert.Null(function["ReservedConcurrentExecutions"]);
    }

    [Theory]
    [InlineData("Api")]
    [InlineData("Worker")]
    [InlineData("DlqProcessor")]
    [InlineData("Sweeper")]
    public void Function_Environment_SaysWhichItIsAndWhereThingsAre(string name)
    {
        var expected = new SortedDictionary<string, string>(StringComparer.Ordinal)
        {
            ["WebhookDelivery__Storage"] = "Aws",
            ["WebhookDelivery__Function"] = name,
            ["WebhookDelivery__Aws__TablePrefix"] = "webhooks",
            ["WebhookDelivery__Aws__QueueUrl"] = "QueuesDeliveries",
            ["WebhookDelivery__Aws__DeadLetterQueueUrl"] = "QueuesDeadLetters",
            ["WebhookDelivery__Aws__PayloadBucket"] = "StoragePayloads",
            ["WebhookDelivery__Secrets__KmsKeyId"] = "StorageTenantKey",
            ["WebhookDelivery__Retention__EventDays"] = "30",
            ["WebhookDelivery__Retention__DeadLetterDays"] = "14",
        };
        if (name == "Api")
        {
            expected["WebhookDelivery__AdminKeySecret"] =
                "arn:AWS::Partition:ssm:AWS::Region:AWS::AccountId:parameter/webhook-delivery/webhooks/admin-key";
        }

        Assert.Equal(expected, Variables(Function(StackTemplate.Usual, name)));
    }

    [Fact]
    public void Retention_Changed_ReachesTheFunctions()
    {
        var variables = Variables(Function(StackTemplate.Changed, "Worker"));

        Assert.Equal("90", variables["WebhookDelivery__Retention__EventDays"]);
        Assert.Equal("21", variables["WebhookDelivery__Retention__DeadLetterDays"]);
        Assert.Equal("Shop", variables["WebhookDelivery__Aws__TablePrefix"]);
    }

    [Fact]
    public void Worker_Queue_ComesInBatchesThatReportTheirFailures()
    {
        var mapping = Assert.Single(StackTemplate.Usual.All("AWS::Lambda::EventSourceMapping"))[
            "Properties"
        ]!;

        Assert.Equal("FunctionsWorkerFunction", StackTemplate.Resolve(mapping["FunctionName"]!));
        Assert.Equal("QueuesDeliveries", StackTemplate.Resolve(mapping["EventSourceArn"]!));
        Assert.Equal(10, (double)mapping["BatchSize"]!);
        Assert.Equal(
            ["ReportBatchItemFailures"],
            StackTemplate.Several(mapping["FunctionResponseTypes"])
        );
        Assert.Equal(50, (double)mapping["ScalingConfig"]!["MaximumConcurrency"]!);
        Assert.Null(mapping["MaximumBatchingWindowInSeconds"]);
    }

    [Fact]
    public void Worker_ConcurrencyChanged_IsCappedThere()
    {
        var mapping = Assert.Single(StackTemplate.Changed.All("AWS::Lambda::EventSourceMapping"));

        Assert.Equal(2, (double)mapping["Properties"]!["ScalingConfig"]!["MaximumConcurrency"]!);
    }

    [Theory]
    [InlineData("Worker", "Allow")]
    [InlineData("Api", "Terminate")]
    [InlineData("Sweeper", "Terminate")]
    [InlineData("DlqProcessor", "Terminate")]
    public void RecursiveLoop_Worker_MayFeedItsOwnQueue(string name, string expected) =>
        Assert.Equal(expected, (string?)Function(StackTemplate.Usual, name)["RecursiveLoop"]);

    [Fact]
    public void Sweeper_EveryMinute_RunsOnceAndEndsBeforeTheNext()
    {
        var rule = Assert.Single(StackTemplate.Usual.All("AWS::Events::Rule"))["Properties"]!;
        var target = Assert.Single(rule["Targets"]!.AsArray())!;
        var invoke = Assert.Single(StackTemplate.Usual.All("AWS::Lambda::EventInvokeConfig"))[
            "Properties"
        ]!;

        Assert.Equal("rate(1 minute)", (string?)rule["ScheduleExpression"]);
        Assert.Equal("ENABLED", (string?)rule["State"]);
        Assert.Equal("FunctionsSweeperFunction", StackTemplate.Resolve(target["Arn"]!));
        Assert.Equal(0, (double)target["RetryPolicy"]!["MaximumRetryAttempts"]!);
        Assert.Equal("FunctionsSweeperFunction", StackTemplate.Resolve(invoke["FunctionName"]!));
        Assert.Equal(0, (double)invoke["MaximumRetryAttempts"]!);
        Assert.True((double)Function(StackTemplate.Usual, "Sweeper")["Timeout"]! < 60);
    }

    [Fact]
    public void Invocation_Permissions_NameWhoMayInvokeWhat()
    {
        var permissions = StackTemplate
            .Usual.All("AWS::Lambda::Permission")
            .Select(each => each["Properties"]!)
            .Select(each =>
                $"{each["Principal"]} → {StackTemplate.Resolve(each["FunctionName"]!)}, from {(each["SourceArn"] is null ? "anywhere" : "its source")}"
            )
            .Order(StringComparer.Ordinal);

        Assert.Equal(
            [
                "apigateway.amazonaws.com → FunctionsApiFunction, from its source",
                "events.amazonaws.com → FunctionsSweeperFunction, from its source",
            ],
            permissions
        );
    }

    [Theory]
    [InlineData(false, 30)]
    [InlineData(true, 7)]
    public void Logs_All_AreKeptForTheRetention(bool changed, int days)
    {
        var template = changed ? StackTemplate.Changed : StackTemplate.Usual;
        var prefix = changed ? "Shop" : "webhooks";
        var logs = template.All("AWS::Logs::LogGroup");

        Assert.Equal(
            [
                $"/aws/lambda/{prefix}-Api",
                $"/aws/lambda/{prefix}-DlqProcessor",
                $"/aws/lambda/{prefix}-Sweeper",
                $"/aws/lambda/{prefix}-Worker",
                $"/aws/vendedlogs/{prefix}-Api",
            ],
            logs.Select(each => (string?)each["Properties"]!["LogGroupName"])
                .Order(StringComparer.Ordinal)
        );
        Assert.All(
            logs,
            each => Assert.Equal(days, (double)each["Properties"]!["RetentionInDays"]!)
        );
        Assert.All(
            template.All("AWS::Lambda::Function"),
            each =>
                Assert.EndsWith(
                    "Log",
                    StackTemplate.Resolve(each["Properties"]!["LoggingConfig"]!["LogGroup"]!),
                    StringComparison.Ordinal
                )
        );
    }

    [Fact]
    public void Functions_All_AreTheStacksOnlyOnes() =>
        Assert.Equal(4, StackTemplate.Usual.All("AWS::Lambda::Function").Count);

    private static JsonNode Function(StackTemplate template, string name) =>
        template.Properties("AWS::Lambda::Function", $"Functions{name}Function");

    private static SortedDictionary<string, string> Variables(JsonNode function) =>
        new(
            function["Environment"]!["Variables"]!
                .AsObject()
                .ToDictionary(each => each.Key, each => StackTemplate.Resolve(each.Value!)),
            StringComparer.Ordinal
        );
}
