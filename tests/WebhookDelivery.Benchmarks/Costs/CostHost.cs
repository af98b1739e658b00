namespace WebhookDelivery.Benchmarks;

/// <summary>What runs the product.</summary>
internal enum CostHost
{
    /// <summary>One process: API and worker, which polls by itself.</summary>
    Server,

    /// <summary>
    /// Lambda functions: one request at a time in each, and batches of 10 from an event source, whose
    /// polls and deletions are on the same bill.
    /// </summary>
    Functions,
}
