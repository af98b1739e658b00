namespace WebhookDelivery.Cdk.Tests;

/// <summary>A setting of the deployed stack is not undone by leaving it out.</summary>
public sealed class SettingsInForceTests
{
    [Theory]
    [InlineData("retain", "false")]
    [InlineData("logRetentionDays", "7")]
    [InlineData("eventDays", "90")]
    [InlineData("deadLetterDays", "21")]
    [InlineData("throttleRate", "10")]
    [InlineData("throttleBurst", "20")]
    [InlineData("workerConcurrency", "2")]
    [InlineData("alarmEmail", "ops@example.com")]
    [InlineData("alarmTopicArn", "arn:aws:sns:eu-west-1:123456789012:pager")]
    public void Setting_LeftOut_IsRefusedUnlessItIsGivenAgain(string key, string value)
    {
        var deployed = Write([(key, value)]);

        var fault = Assert.Single(Faults(deployed, []));
        Assert.StartsWith($"{key}: ", fault, StringComparison.Ordinal);
        Assert.Contains($"-c {key}={value} to keep", fault, StringComparison.Ordinal);
        Assert.Empty(Faults(deployed, [(key, value)]));
    }

    [Fact]
    public void Setting_GivenOtherwise_Changes()
    {
        Assert.Empty(Faults(Write([("eventDays", "90")]), [("eventDays", "30")]));
        Assert.Empty(Faults(Write([("alarmEmail", "ops@example.com")]), [("alarmEmail", "")]));
    }

    [Fact]
    public void Domain_LeftOut_IsRefusedUnlessItsVariablesAreSetEmpty()
    {
        var deployed = Write([], "example.com");

        Assert.StartsWith(
            "HOSTED_ZONE_URL: the deployed stack has a name in example.com",
            Assert.Single(Faults(deployed, [])),
            StringComparison.Ordinal
        );
        Assert.Empty(Faults(deployed, [], "example.com"));
        Assert.Empty(Faults(deployed, [], ""));
    }

    [Fact]
    public void Subdomain_LeftOut_IsRefusedWhereThereIsADomain()
    {
        var deployed = Write([("apiSubdomain", "hooks")], "example.com");

        Assert.StartsWith(
            "apiSubdomain: ",
            Assert.Single(Faults(deployed, [], "example.com")),
            StringComparison.Ordinal
        );
        Assert.Empty(Faults(deployed, [("apiSubdomain", "hooks")], "example.com"));
        Assert.Empty(Faults(deployed, [], ""));
    }

    [Theory]
    [InlineData("")]
    [InlineData("None")]
    [InlineData("retired=7 retain=true")]
    public void Line_OfAnotherVersion_IsPassedOver(string deployed) =>
        Assert.Empty(Faults(deployed, []));

    private static string Write((string Key, string Value)[] given, string? zone = null)
    {
        var (settings, _, _) = Read(given, zone);
        return SettingsInForce.Write(settings);
    }

    private static IReadOnlyList<string> Faults(
        string deployed,
        (string Key, string Value)[] given,
        string? zone = null
    )
    {
        var (settings, context, environment) = Read(given, zone);
        try
        {
            SettingsInForce.RefuseSilentChanges(deployed, settings, context, environment);
            return [];
        }
        catch (InvalidSettingsException exception)
        {
            return exception.Faults;
        }
    }

    private static (
        DeploymentSettings Settings,
        Dictionary<string, string> Context,
        Func<string, string?> Environment
    ) Read((string Key, string Value)[] given, string? zone)
    {
        var context = given
            .Append(("lambdaDirectory", AppContext.BaseDirectory))
            .ToDictionary(StringComparer.Ordinal);
        string? Environment(string name) =>
            name == "HOSTED_ZONE_URL" || string.IsNullOrEmpty(zone) ? zone : "Z0123456789ABC";
        return (DeploymentSettings.Read(context, Environment), context, Environment);
    }
}
