namespace WebhookDelivery.Benchmarks;

/// <summary>What the events of a workload cost.</summary>
/// <param name="Workload">What was done.</param>
/// <param name="Calls">Every request of the events, none of what is asked on a schedule.</param>
internal sealed record CostRow(CostWorkload Workload, IReadOnlyList<AwsCall> Calls)
{
    /// <summary>Requests that stored statistics meanwhile, which are no event's own.</summary>
    public required int StatisticsCalls { get; init; }

    /// <summary>How long it all took.</summary>
    public required TimeSpan Elapsed { get; init; }

    /// <summary>Batches of messages that were not full.</summary>
    public int PartBatches =>
        Calls.Count(call =>
            s_receives.Contains(call.Operation) && call.Messages < EventSource.BatchMax
        );

    private static readonly string[] s_sends = ["SendMessage", "SendMessageBatch"];
    private static readonly string[] s_receives = ["ReceiveMessage"];
    private static readonly string[] s_deletes = ["DeleteMessage", "DeleteMessageBatch"];

    /// <summary>Requests, of all services.</summary>
    public double AllCalls => PerEvent(_ => 1);

    /// <summary>Requests that wrote items.</summary>
    public double Writes => Of("PutItem", "UpdateItem", "DeleteItem");

    /// <summary>Requests that read items.</summary>
    public double Reads => Of("GetItem", "Query");

    public double Sends => Of(s_sends);

    public double Receives => Of(s_receives);

    public double Deletes => Of(s_deletes);

    /// <summary>Requests to SQS.</summary>
    public double SqsCalls => Sends + Receives + Deletes;

    public double MessagesSent => MessagesOf(s_sends);

    public double MessagesReceived => MessagesOf(s_receives);

    public double MessagesDeleted => MessagesOf(s_deletes);

    public double S3Requests => PerEvent(call => call.Service == "S3" ? 1 : 0);

    /// <summary>Requests to SQS as they are billed.</summary>
    public double SqsBilled => PerEvent(call => call.Service == "SQS" ? call.BilledRequests : 0);

    public double WriteUnits => PerEvent(call => call.WriteUnits);

    public double ReadUnits => PerEvent(call => call.ReadUnits);

    /// <summary>Requests of these operations.</summary>
    private double Of(params IEnumerable<string> operations) =>
        PerEvent(call => operations.Contains(call.Operation) ? 1 : 0);

    /// <summary>Messages of these operations.</summary>
    private double MessagesOf(params IEnumerable<string> operations) =>
        PerEvent(call => operations.Contains(call.Operation) ? call.Messages : 0);

    private double PerEvent(Func<AwsCall, double> cost) => Calls.Sum(cost) / Workload.Events;
}
