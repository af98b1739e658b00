using Amazon.CDK;
using Amazon.CDK.AWS.Apigatewayv2;
using Amazon.CDK.AWS.CertificateManager;
using Amazon.CDK.AWS.Route53;
using Amazon.CDK.AWS.Route53.Targets;
using Amazon.CDK.AwsApigatewayv2Integrations;
using Constructs;

namespace WebhookDelivery.Cdk;

/// <summary>
/// The HTTP API before the function: one route for everything, a brake, an access log, and a domain
/// where there is one. Who may do what is the function's business.
/// </summary>
internal sealed class Api : Construct
{
    public Api(Construct scope, DeploymentSettings settings, ProductFunction function)
        : base(scope, "Api")
    {
        Gateway = new HttpApi(
            this,
            "Gateway",
            new HttpApiProps
            {
                ApiName = $"{settings.Prefix}-Api",
                Description = "WebhookDelivery.",
                CreateDefaultStage = false,
                DefaultIntegration = new HttpLambdaIntegration(
                    "Function",
                    function.Function,
                    new HttpLambdaIntegrationProps
                    {
                        PayloadFormatVersion = PayloadFormatVersion.VERSION_2_0,
                    }
                ),
            }
        );
        var domain = settings.Domain is { } custom ? AddDomain(custom) : null;
        var stage = new HttpStage(
            this,
            "Stage",
            new HttpStageProps
            {
                HttpApi = Gateway,
                StageName = "$default",
                AutoDeploy = true,
                Throttle = new ThrottleSettings
                {
                    RateLimit = settings.ThrottleRate,
                    BurstLimit = settings.ThrottleBurst,
                },
                DomainMapping = domain is null
                    ? null
                    : new DomainMappingOptions { DomainName = domain },
            }
        );
        AddAccessLog(settings, stage);
        Url = settings.Domain is { } named ? $"https://{named.HostName}" : Gateway.ApiEndpoint;
    }

    /// <summary>The API itself.</summary>
    public HttpApi Gateway { get; }

    /// <summary>Where it answers, without a slash at the end.</summary>
    public string Url { get; }

    private DomainName AddDomain(CustomDomain custom)
    {
        var zone = HostedZone.FromHostedZoneAttributes(
            this,
            "Zone",
            new HostedZoneAttributes { HostedZoneId = custom.ZoneId, ZoneName = custom.ZoneName }
        );
        var certificate = new Certificate(
            this,
            "Certificate",
            new CertificateProps
            {
                DomainName = custom.HostName,
                Validation = CertificateValidation.FromDns(zone),
            }
        );
        var domain = new DomainName(
            this,
            "Domain",
            new DomainNameProps
            {
                DomainName = custom.HostName,
                Certificate = certificate,
                SecurityPolicy = SecurityPolicy.TLS_1_2,
            }
        );
        _ = new ARecord(
            this,
            "Record",
            new ARecordProps
            {
                Zone = zone,
                RecordName = custom.HostName,
                Target = RecordTarget.FromAlias(
                    new ApiGatewayv2DomainProperties(
                        domain.RegionalDomainName,
                        domain.RegionalHostedZoneId
                    )
                ),
            }
        );
        return domain;
    }

    private void AddAccessLog(DeploymentSettings settings, HttpStage stage)
    {
        // CloudWatch lets API Gateway write to logs of this name without a policy for each, of which
        // an account may have ten.
        var log = Logs.New(this, "AccessLog", $"/aws/vendedlogs/{settings.Prefix}-Api", settings);

        // No query, headers or bodies: nothing secret can be in it. Every value stands in quotes of its
        // own: what a request does not have is a bare -, also where API Gateway has a quoted form.
        ((CfnStage)stage.Node.DefaultChild!).AccessLogSettings =
            new CfnStage.AccessLogSettingsProperty
            {
                DestinationArn = log.LogGroupArn,
                Format = """
                    {"time":"$context.requestTime","request":"$context.requestId","ip":"$context.identity.sourceIp","method":"$context.httpMethod","path":"$context.path","status":"$context.status","bytes":"$context.responseLength","latencyMs":"$context.responseLatency","functionMs":"$context.integrationLatency","error":"$context.error.message"}
                    """,
            };
    }
}
