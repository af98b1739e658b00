namespace WebhookDelivery.Benchmarks;

/// <summary>What a delivered event costs on AWS, by workload.</summary>
/// <param name="Rows">A row for each workload.</param>
/// <param name="OneByOne">What an event costs that never has company.</param>
/// <param name="Standing">What is asked on a schedule.</param>
internal sealed record CostTable(
    IReadOnlyList<CostRow> Rows,
    CostRow OneByOne,
    StandingCosts Standing
)
{
    /// <summary>Requests to AWS for each delivered event, on the host where they are more.</summary>
    public static readonly RatioTarget Calls = new(
        "aws-calls",
        "AWS calls per delivered event of 500 B, at the first attempt",
        Must: 3.3,
        Aim: 3.2,
        LowerIsBetter: true
    );

    /// <summary>Write units for each delivered event, on the host where they are more.</summary>
    public static readonly RatioTarget WriteUnits = new(
        "aws-writes",
        "DynamoDB write units per delivered event of 500 B, at the first attempt",
        Must: 2,
        Aim: 2,
        LowerIsBetter: true
    );

    private const int SmallBytes = 500;
    private const int OneByOneEvents = 20;

    /// <summary>The sizes of payloads: in the item and its first unit, in the item, in the bucket.</summary>
    private static readonly int[] s_payloads = [SmallBytes, 4 * 1024, 40 * 1024];

    public double WorstCalls => Small.Max(row => row.AllCalls);

    public double WorstWriteUnits => Small.Max(row => row.WriteUnits);

    private IEnumerable<CostRow> Small =>
        Rows.Where(row => row.Workload is { PayloadBytes: SmallBytes, Failures: 0 });

    /// <summary>The workloads of the rows.</summary>
    /// <param name="events">How many events each has.</param>
    public static IReadOnlyList<CostWorkload> Workloads(int events) =>
        [
            .. from host in Enum.GetValues<CostHost>()
            from failures in new[] { 0, 2 }
            from payload in s_payloads
            select CostWorkload.Of(host, payload, failures, events),
        ];

    /// <summary>Measures all rows, one after another.</summary>
    /// <param name="events">How many events each has.</param>
    /// <param name="rowMeasured">Is told of each row.</param>
    /// <param name="cancellationToken">Ends it between two rows.</param>
    /// <exception cref="BrokenRunException">A row cannot be trusted.</exception>
    public static async Task<CostTable> MeasureAsync(
        int events,
        Action<CostRow> rowMeasured,
        CancellationToken cancellationToken
    )
    {
        var rows = new List<CostRow>();
        foreach (var workload in Workloads(events))
        {
            cancellationToken.ThrowIfCancellationRequested();
            rows.Add(await CostRun.MeasureAsync(workload));
            rowMeasured(rows[^1]);
        }

        var alone = await CostRun.MeasureAsync(Alone(SmallBytes));
        rowMeasured(alone);
        return new CostTable(rows, alone, await StandingCosts.MeasureAsync());
    }

    /// <summary>Events that go one by one, so that nothing is ever batched.</summary>
    public static CostWorkload Alone(int payloadBytes) =>
        new(CostHost.Server, payloadBytes, Failures: 0, OneByOneEvents, Connections: 1)
        {
            OneByOne = true,
        };
}
