using Amazon.Runtime;
using Amazon.Runtime.Endpoints;
using Amazon.Runtime.Internal.Endpoints.StandardLibrary;

namespace Amazon.SQS.Internal;

/// <summary>Finds the endpoint of SQS: the one given outright, or that of the region.</summary>
internal sealed class SqsEndpointProvider : IEndpointProvider
{
    public Endpoint ResolveEndpoint(EndpointParameters parameters)
    {
        var sqs = (SqsEndpointParameters)parameters;
        if (!string.IsNullOrEmpty(sqs.Endpoint))
        {
            return sqs.UseFips || sqs.UseDualStack
                ? throw new AmazonClientException(
                    "An endpoint of one's own cannot be combined with FIPS or dual stack"
                )
                : new Endpoint(sqs.Endpoint);
        }

        return string.IsNullOrEmpty(sqs.Region)
            ? throw new AmazonClientException("No region is configured for SQS")
            : new Endpoint(UrlOf(sqs));
    }

    private static string UrlOf(SqsEndpointParameters sqs)
    {
        var partition =
            Fn.Partition(sqs.Region)
            ?? throw new AmazonClientException($"No endpoint of SQS is known for {sqs.Region}");
        if (sqs.UseFips && !Has("supportsFIPS") || sqs.UseDualStack && !Has("supportsDualStack"))
        {
            throw new AmazonClientException(
                $"FIPS or dual stack was asked for, which {sqs.Region} lacks"
            );
        }

        // The plain endpoints of GovCloud are FIPS endpoints already.
        var isPlainFips = !sqs.UseDualStack && Equals(partition["name"], "aws-us-gov");
        var host = sqs.UseFips && !isPlainFips ? "sqs-fips" : "sqs";
        var suffix = partition[sqs.UseDualStack ? "dualStackDnsSuffix" : "dnsSuffix"];
        return $"https://{host}.{sqs.Region}.{suffix}";

        bool Has(string feature) => Equals(partition[feature], true);
    }
}
