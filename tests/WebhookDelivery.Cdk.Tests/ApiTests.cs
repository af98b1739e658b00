using System.Text.Json.Nodes;

namespace WebhookDelivery.Cdk.Tests;

/// <summary>What stands before the API's function.</summary>
public sealed class ApiTests
{
    [Fact]
    public void Api_Usual_HandsEverythingToTheFunction()
    {
        var integration = Single(StackTemplate.Usual, "AWS::ApiGatewayV2::Integration");
        var route = Single(StackTemplate.Usual, "AWS::ApiGatewayV2::Route");

        Assert.Equal(
            "HTTP",
            (string?)Single(StackTemplate.Usual, "AWS::ApiGatewayV2::Api")["ProtocolType"]
        );
        Assert.Equal("$default", (string?)route["RouteKey"]);
        Assert.Equal("2.0", (string?)integration["PayloadFormatVersion"]);
        Assert.Equal("FunctionsApiFunction", StackTemplate.Resolve(integration["IntegrationUri"]!));
    }

    [Theory]
    [InlineData(false, 1000, 2000)]
    [InlineData(true, 10, 20)]
    public void Stage_Throttling_IsAsSet(bool changed, int rate, int burst)
    {
        var stage = Single(
            changed ? StackTemplate.Changed : StackTemplate.Usual,
            "AWS::ApiGatewayV2::Stage"
        );

        Assert.Equal(rate, (double)stage["DefaultRouteSettings"]!["ThrottlingRateLimit"]!);
        Assert.Equal(burst, (double)stage["DefaultRouteSettings"]!["ThrottlingBurstLimit"]!);
        Assert.True((bool)stage["AutoDeploy"]!);
    }

    [Fact]
    public void AccessLog_Format_IsJsonWithoutSecrets()
    {
        var settings = Single(StackTemplate.Usual, "AWS::ApiGatewayV2::Stage")[
            "AccessLogSettings"
        ]!;
        var format = JsonNode.Parse((string)settings["Format"]!)!.AsObject();

        Assert.Equal("ApiAccessLog", StackTemplate.Resolve(settings["DestinationArn"]!));
        Assert.Equal(
            [
                "time",
                "request",
                "ip",
                "method",
                "path",
                "status",
                "bytes",
                "latencyMs",
                "functionMs",
                "error",
            ],
            format.Select(each => each.Key)
        );
        // A bare variable would be a bare - in the log, where a request does not have what it names.
        Assert.All(
            format,
            each => Assert.StartsWith("$context.", (string?)each.Value, StringComparison.Ordinal)
        );
        Assert.DoesNotContain("query", format.ToJsonString(), StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain("header", format.ToJsonString(), StringComparison.OrdinalIgnoreCase);
    }

    [Fact]
    public void Domain_WithoutAZone_IsNotThere()
    {
        Assert.Empty(StackTemplate.Usual.All("AWS::ApiGatewayV2::DomainName"));
        Assert.Empty(StackTemplate.Usual.All("AWS::CertificateManager::Certificate"));
        Assert.Empty(StackTemplate.Usual.All("AWS::Route53::RecordSet"));
        Assert.Equal("ApiGateway", StackTemplate.Usual.Outputs["ApiUrl"]);
    }

    [Fact]
    public void Domain_WithAZone_HasCertificateRecordAndMapping()
    {
        var template = StackTemplate.Changed;
        var certificate = Single(template, "AWS::CertificateManager::Certificate");
        var domain = Single(template, "AWS::ApiGatewayV2::DomainName");
        var record = Single(template, "AWS::Route53::RecordSet");
        var mapping = Single(template, "AWS::ApiGatewayV2::ApiMapping");

        Assert.Equal("api.example.com", (string?)certificate["DomainName"]);
        Assert.Equal("DNS", (string?)certificate["ValidationMethod"]);
        Assert.Equal(
            "Z0123456789ABC",
            (string?)certificate["DomainValidationOptions"]![0]!["HostedZoneId"]
        );
        Assert.Equal("api.example.com", (string?)domain["DomainName"]);
        Assert.Equal("TLS_1_2", (string?)domain["DomainNameConfigurations"]![0]!["SecurityPolicy"]);
        Assert.Equal("A", (string?)record["Type"]);
        Assert.Equal("api.example.com.", (string?)record["Name"]);
        Assert.Equal("Z0123456789ABC", (string?)record["HostedZoneId"]);
        Assert.Equal("ApiDomain", StackTemplate.Resolve(record["AliasTarget"]!["DNSName"]!));
        Assert.Equal("ApiGateway", StackTemplate.Resolve(mapping["ApiId"]!));
        Assert.Equal("https://api.example.com", template.Outputs["ApiUrl"]);
    }

    private static JsonNode Single(StackTemplate template, string type) =>
        Assert.Single(template.All(type))["Properties"]!;
}
