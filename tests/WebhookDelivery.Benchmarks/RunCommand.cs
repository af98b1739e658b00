namespace WebhookDelivery.Benchmarks;

/// <summary><c>run</c>: measures what is asked for, prints it, and judges.</summary>
internal static class RunCommand
{
    private const int PairsMin = 3;
    private const int PairsDefault = 9;

    public static async Task<int> RunAsync(Arguments arguments)
    {
        arguments.Allow(
            "server",
            "scratch",
            "shim",
            "peer",
            "pairs",
            "seconds",
            "backlog",
            "events"
        );
        var selection = Selection.Of(arguments.Words);
        var settings = Settings(arguments);
        Directory.CreateDirectory(settings.Scratch);
        return await Voidable.RunAsync(breaking =>
            MeasureAsync(selection, settings, Console.Out, breaking)
        );
    }

    private static RunSettings Settings(Arguments arguments) =>
        new(
            arguments.Text("server"),
            arguments.Text("scratch"),
            arguments.Text("shim"),
            arguments.Text("peer"),
            AtLeast(arguments, PairsMin, "pairs", PairsDefault, "a median needs some"),
            arguments.Number("seconds", 5),
            arguments.Whole("backlog", 100_000),
            AtLeast(
                arguments,
                AwsCosts.EventsMin,
                "events",
                AwsCosts.EventsDefault,
                "one full batch"
            )
        );

    private static int AtLeast(
        Arguments arguments,
        int least,
        string name,
        int otherwise,
        string reason
    )
    {
        var value = arguments.Whole(name, otherwise);
        return value >= least
            ? value
            : throw new UsageException($"--{name} is at least {least}: {reason}.");
    }

    private static async Task<int> MeasureAsync(
        Selection selection,
        RunSettings settings,
        TextWriter to,
        CancellationToken cancellationToken
    )
    {
        Estimate.Print(to, selection, settings);
        var measurement = new Measurement(to, cancellationToken);
        try
        {
            foreach (var ratio in selection.Ratios)
            {
                await measurement.AddAsync(
                    ratio.Target.Name,
                    [ratio.Target],
                    () => RatioAsync(ratio)
                );
            }

            if (selection.Aws)
            {
                await measurement.AddAsync(
                    "aws",
                    [CostTable.Calls, CostTable.WriteUnits],
                    () => AwsCosts.MeasureAsync(settings.AwsEvents, to, cancellationToken)
                );
            }

            if (selection.Profile)
            {
                await measurement.AddAsync("profile", [], ProfileAsync);
            }

            if (selection.Volume)
            {
                await measurement.AddAsync("volume", [], VolumeAsync);
            }
        }
        catch (OperationCanceledException)
        {
            // What was measured until then is printed.
        }

        return measurement.Close();

        async Task<IReadOnlyList<RatioResult>> RatioAsync(IRatio ratio)
        {
            await to.WriteLineAsync($"{ratio.Target.Name}: {ratio.Target.Meaning}");
            var result = await ratio.MeasureAsync(settings, to, cancellationToken);
            Report.Result(to, result);
            return [result];
        }

        async Task<IReadOnlyList<RatioResult>> ProfileAsync()
        {
            await ProfileRun.MeasureAsync(settings, to, cancellationToken);
            return [];
        }

        async Task<IReadOnlyList<RatioResult>> VolumeAsync()
        {
            var account = await VolumeRun.MeasureAsync(settings, to, cancellationToken);
            if (account.Faults.Count > 0)
            {
                measurement.Void();
            }

            return [];
        }
    }
}
