namespace WebhookDelivery.Benchmarks;

/// <summary>A request to AWS and what AWS would charge for it.</summary>
internal sealed record AwsCall
{
    /// <summary>DynamoDB, SQS or S3.</summary>
    public required string Service { get; init; }

    /// <summary>Such as PutItem.</summary>
    public required string Operation { get; init; }

    /// <summary>False for what is asked on a schedule, whether or not there are events.</summary>
    public bool IsOfEvent { get; init; } = true;

    /// <summary>True for what stores statistics, which follows from time and not from events.</summary>
    public bool IsOfStatistics { get; init; }

    /// <summary>Messages sent, received or deleted; SQS only.</summary>
    public int Messages { get; init; }

    /// <summary>Requests on the bill: one for each 64 KiB begun of an SQS call's bodies, else one.</summary>
    public int BilledRequests { get; init; } = 1;

    /// <summary>DynamoDB write units, those of the indexes included.</summary>
    public double WriteUnits { get; init; }

    /// <summary>DynamoDB read units.</summary>
    public double ReadUnits { get; init; }
}
