namespace WebhookDelivery.Benchmarks;

/// <summary><c>aws</c>: counts what a delivered event costs on AWS, prints the table, and judges.</summary>
internal static class CostCommand
{
    /// <summary>Twenty batches.</summary>
    private const int EventsDefault = 200;

    private const int EventsMin = 10;

    public static Task<int> RunAsync(Arguments arguments)
    {
        arguments.Allow("events");
        var events = arguments.Whole("events", EventsDefault);
        return events < EventsMin
            ? throw new UsageException($"--events is at least {EventsMin}: one full batch.")
            : Voidable.RunAsync(breaking => MeasureAsync(events, Console.Out, breaking));
    }

    private static async Task<int> MeasureAsync(
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
        CostReport.Summary(to, table);
        return table.MeetsMust ? ExitCodes.Passed : ExitCodes.Missed;
    }
}
