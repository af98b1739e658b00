using Amazon.Runtime.Endpoints;

namespace Amazon.SQS.Internal;

/// <summary>What the endpoint of SQS depends on.</summary>
internal sealed class SqsEndpointParameters : EndpointParameters
{
    /// <summary>An endpoint given outright, which wins; null or empty: that of the region.</summary>
    public string Endpoint
    {
        get => (string)this[nameof(Endpoint)];
        set => this[nameof(Endpoint)] = value;
    }

    /// <summary>The region's name, such as `eu-central-1`.</summary>
    public string Region
    {
        get => (string)this[nameof(Region)];
        set => this[nameof(Region)] = value;
    }

    /// <summary>Whether IPv6 is wanted too.</summary>
    public bool UseDualStack
    {
        get => (bool)this[nameof(UseDualStack)];
        set => this[nameof(UseDualStack)] = value;
    }

    /// <summary>Whether only FIPS 140 endpoints will do.</summary>
    public bool UseFips
    {
        get => (bool)this["UseFIPS"];
        set => this["UseFIPS"] = value;
    }
}
