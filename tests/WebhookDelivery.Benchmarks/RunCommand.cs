namespace WebhookDelivery.Benchmarks;

/// <summary><c>run</c>: measures ratios, prints them, and judges.</summary>
internal static class RunCommand
{
    private const int PairsMin = 3;
    private const int PairsDefault = 9;

    public static async Task<int> RunAsync(Arguments arguments)
    {
        arguments.Allow("server", "scratch", "shim", "pairs", "seconds", "backlog");
        var ratios = RatioList.Select(arguments.Words);
        var settings = Settings(arguments);
        Directory.CreateDirectory(settings.Scratch);
        return await Voidable.RunAsync(breaking =>
            MeasureAsync(ratios, settings, Console.Out, breaking)
        );
    }

    private static RunSettings Settings(Arguments arguments)
    {
        var pairs = arguments.Whole("pairs", PairsDefault);
        return pairs < PairsMin
            ? throw new UsageException($"--pairs is at least {PairsMin}: a median needs some.")
            : new RunSettings(
                arguments.Text("server"),
                arguments.Text("scratch"),
                arguments.Text("shim"),
                pairs,
                arguments.Number("seconds", 5),
                arguments.Whole("backlog", 100_000)
            );
    }

    private static async Task<int> MeasureAsync(
        IReadOnlyList<IRatio> ratios,
        RunSettings settings,
        TextWriter to,
        CancellationToken cancellationToken
    )
    {
        var results = new List<RatioResult>();
        foreach (var ratio in ratios)
        {
            await to.WriteLineAsync($"{ratio.Target.Name}: {ratio.Target.Meaning}");
            results.Add(await ratio.MeasureAsync(settings, to, cancellationToken));
            Report.Result(to, results[^1]);
        }

        Report.Summary(to, results);
        return results.Exists(result => result.IsVoid) ? ExitCodes.Void
            : results.TrueForAll(result => result.MeetsMust) ? ExitCodes.Passed
            : ExitCodes.Missed;
    }
}
