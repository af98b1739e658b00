namespace WebhookDelivery.Benchmarks;

/// <summary>What the events of a workload cost.</summary>
/// <param name="Workload">What was done.</param>
/// <param name="Calls">Every request of the events, none of what is asked on a schedule.</param>
internal sealed record CostRow(CostWorkload Workload, IReadOnlyList<AwsCall> Calls)
{
    /// <summary>Requests, of all services.</summary>
    public double AllCalls => PerEvent(_ => 1);

    /// <summary>Requests that wrote items.</summary>
    public double Writes => Of("PutItem", "UpdateItem", "DeleteItem");

    /// <summary>Requests that read items.</summary>
    public double Reads => Of("GetItem", "Query");

    public double Sends => Of("SendMessage", "SendMessageBatch");

    public double Receives => Of("ReceiveMessage");

    public double Deletes => Of("DeleteMessage", "DeleteMessageBatch");

    public double S3Requests => PerEvent(call => call.Service == "S3" ? 1 : 0);

    /// <summary>Requests to SQS as they are billed.</summary>
    public double SqsBilled => PerEvent(call => call.Service == "SQS" ? call.BilledRequests : 0);

    public double WriteUnits => PerEvent(call => call.WriteUnits);

    public double ReadUnits => PerEvent(call => call.ReadUnits);

    /// <summary>Requests of these operations.</summary>
    public double Of(params ReadOnlySpan<string> operations)
    {
        var count = 0;
        foreach (var call in Calls)
        {
            count += operations.Contains(call.Operation) ? 1 : 0;
        }

        return (double)count / Workload.Events;
    }

    private double PerEvent(Func<AwsCall, double> cost) => Calls.Sum(cost) / Workload.Events;
}
