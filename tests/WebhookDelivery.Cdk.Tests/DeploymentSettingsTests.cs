namespace WebhookDelivery.Cdk.Tests;

/// <summary>What a deployment is told is checked all at once, before anything is made.</summary>
public sealed class DeploymentSettingsTests
{
    [Fact]
    public void Read_Nothing_HasTheDefaults()
    {
        var settings = Read();

        Assert.Equal("webhooks", settings.Prefix);
        Assert.Equal("WebhookDelivery-webhooks", settings.StackName);
        Assert.True(settings.Retain);
        Assert.Equal(30, settings.LogRetentionDays);
        Assert.Equal(60, settings.PayloadDays);
        Assert.Equal(50, settings.WorkerConcurrency);
        Assert.Null(settings.AlarmEmail);
        Assert.Null(settings.AlarmTopicArn);
        Assert.Null(settings.Domain);
    }

    [Theory]
    [InlineData("prefix", "9lives")]
    [InlineData("prefix", "ends-")]
    [InlineData("prefix", "a23456789012345678901234x")]
    [InlineData("retain", "no")]
    [InlineData("logRetentionDays", "31")]
    [InlineData("eventDays", "0")]
    [InlineData("eventDays", "3651")]
    [InlineData("deadLetterDays", "1.5")]
    [InlineData("throttleRate", "-1")]
    [InlineData("throttleBurst", "many")]
    [InlineData("workerConcurrency", "1")]
    [InlineData("workerConcurrency", "1001")]
    [InlineData("alarmEmail", "ops")]
    [InlineData("alarmTopicArn", "arn:aws:sqs:eu-west-1:123456789012:queue")]
    [InlineData("apiSubdomain", "a.b")]
    [InlineData("lambdaDirectory", "not/there")]
    [InlineData("retian", "false")]
    public void Read_WrongValue_IsRefusedByName(string key, string value)
    {
        var fault = Assert.Single(Faults((key, value)));

        Assert.StartsWith($"{key}: ", fault, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("prefix", "a")]
    [InlineData("prefix", "a2345678901234567890123X")]
    [InlineData("retain", "False")]
    [InlineData("logRetentionDays", "3653")]
    [InlineData("eventDays", "3650")]
    [InlineData("workerConcurrency", "2")]
    [InlineData("workerConcurrency", "1000")]
    [InlineData("alarmTopicArn", "arn:aws-cn:sns:cn-north-1:123456789012:pager")]
    public void Read_ValueAtItsBound_IsTaken(string key, string value) =>
        Assert.Empty(Faults((key, value)));

    [Fact]
    public void Read_SeveralFaults_SaysThemAll()
    {
        var faults = Faults(
            ("prefix", "-"),
            ("retain", "perhaps"),
            ("throttleRate", "0"),
            ("colour", "blue")
        );

        Assert.Equal(
            ["prefix", "retain", "throttleRate", "colour"],
            faults.Select(each => each[..each.IndexOf(':', StringComparison.Ordinal)])
        );
    }

    [Theory]
    [InlineData("example.com")]
    [InlineData("example.com.")]
    [InlineData("https://example.com/")]
    public void Read_HostedZone_MakesTheApisName(string url)
    {
        var settings = Read("Z0123456789ABC", url, ("apiSubdomain", "hooks"));

        Assert.Equal(
            new CustomDomain("Z0123456789ABC", "example.com", "hooks.example.com"),
            settings.Domain
        );
    }

    [Theory]
    [InlineData("Z0123456789ABC", null, "HOSTED_ZONE_URL")]
    [InlineData("Z0123456789ABC", "", "HOSTED_ZONE_URL")]
    [InlineData(null, "example.com", "HOSTED_ZONE_ID")]
    public void Read_HalfAHostedZone_SaysWhichVariableIsMissing(string? id, string? url, string key)
    {
        var exception = Assert.Throws<InvalidSettingsException>(() => Read(id, url));

        Assert.StartsWith(
            $"{key}: is not set, but ",
            Assert.Single(exception.Faults),
            StringComparison.Ordinal
        );
    }

    [Theory]
    [InlineData("zone", "example.com", "HOSTED_ZONE_ID")]
    [InlineData("Z0123456789ABC", "localhost", "HOSTED_ZONE_URL")]
    [InlineData("Z0123456789ABC", "example.com/path", "HOSTED_ZONE_URL")]
    public void Read_WrongHostedZone_IsRefusedByName(string id, string url, string key)
    {
        var exception = Assert.Throws<InvalidSettingsException>(() => Read(id, url));

        Assert.StartsWith(
            $"{key}: must ",
            Assert.Single(exception.Faults),
            StringComparison.Ordinal
        );
    }

    [Fact]
    public void Arguments_KeyAndValue_BecomeContext()
    {
        var context = ContextArguments.Read(["-c", "prefix=a", "-c", "alarmEmail=b=c@example.com"]);

        Assert.Equal("a", context["prefix"]);
        Assert.Equal("b=c@example.com", context["alarmEmail"]);
    }

    [Theory]
    [InlineData("-c")]
    [InlineData("-c", "prefix")]
    [InlineData("-c", "=value")]
    [InlineData("prefix=a")]
    public void Arguments_AnythingElse_IsRefused(params string[] arguments) =>
        Assert.Throws<InvalidSettingsException>(() => ContextArguments.Read(arguments));

    private static IReadOnlyList<string> Faults(params (string Key, string Value)[] context)
    {
        try
        {
            _ = Read(null, null, context);
            return [];
        }
        catch (InvalidSettingsException exception)
        {
            return exception.Faults;
        }
    }

    private static DeploymentSettings Read(
        string? zoneId = null,
        string? zoneUrl = null,
        params (string Key, string Value)[] context
    )
    {
        var all = new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["lambdaDirectory"] = AppContext.BaseDirectory,
        };
        foreach (var (key, value) in context)
        {
            all[key] = value;
        }

        return DeploymentSettings.Read(all, name => name == "HOSTED_ZONE_ID" ? zoneId : zoneUrl);
    }
}
