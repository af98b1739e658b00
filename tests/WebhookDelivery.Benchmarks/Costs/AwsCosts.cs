namespace WebhookDelivery.Benchmarks;

/// <summary><c>aws</c>: counts what a delivered event costs on AWS, and prints it by workload.</summary>
internal static class AwsCosts
{
    /// <summary>One full batch.</summary>
    public const int EventsMin = 10;

    /// <summary>Twenty batches.</summary>
    public const int EventsDefault = 200;

    /// <summary>What of it is judged.</summary>
    /// <param name="events">How many events each workload has.</param>
    /// <param name="to">Is told of each workload.</param>
    /// <param name="cancellationToken">Breaks off between two.</param>
    public static async Task<IReadOnlyList<RatioResult>> MeasureAsync(
        int events,
        TextWriter to,
        CancellationToken cancellationToken
    )
    {
        CostReport.Heading(to, events);
        var table = await CostTable.MeasureAsync(
            events,
            row => CostReport.Row(to, row),
            cancellationToken
        );
        CostReport.Standing(to, table.Standing);
        return
        [
            RatioResult.Counted(CostTable.Calls, table.WorstCalls),
            RatioResult.Counted(CostTable.WriteUnits, table.WorstWriteUnits),
        ];
    }
}
