using Amazon.Runtime;
using Amazon.Runtime.Endpoints;
using Amazon.Runtime.Internal;
using Amazon.SQS.Internal;
using Amazon.Util.Internal;

namespace Amazon.SQS;

/// <summary>
/// Settings of an <see cref="AmazonSQSClient"/>. The endpoint is ServiceURL, else `AWS_ENDPOINT_URL_SQS`,
/// else `AWS_ENDPOINT_URL`, else that of the region.
/// </summary>
public class AmazonSQSConfig : ClientConfig
{
    private static readonly string s_userAgent = InternalSDKUtils.BuildUserAgentString(
        "SQS",
        "4.0.100"
    );

    /// <summary>Settings as the environment and the shared configuration file have them.</summary>
    public AmazonSQSConfig()
        : base(new DefaultConfigurationProvider(SqsDefaults.All))
    {
        ServiceId = "SQS";
        AuthenticationServiceName = "sqs";
        EndpointProvider = new SqsEndpointProvider();
    }

    /// <summary>The name by which the core's table of endpoints knows SQS.</summary>
    public override string RegionEndpointServiceName => "sqs";

    /// <summary>The version of the service's API.</summary>
    public override string ServiceVersion => "2012-11-05";

    /// <summary>What the client calls itself.</summary>
    public override string UserAgent => s_userAgent;

    /// <summary>The endpoint that a request would go to.</summary>
    public override Endpoint DetermineServiceOperationEndpoint(
        ServiceOperationEndpointParameters parameters
    )
    {
        var request = new RequestContext(false)
        {
            ClientConfig = this,
            OriginalRequest = parameters.Request,
            Request = new DefaultRequest(parameters.Request, ServiceId)
            {
                AlternateEndpoint = parameters.AlternateEndpoint,
            },
        };
        return new SqsEndpointHandler().GetEndpoint(
            new Amazon.Runtime.Internal.ExecutionContext(request, null)
        );
    }
}
