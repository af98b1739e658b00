namespace WebhookDelivery.Benchmarks;

/// <summary>Every ratio there is, in the order of their running.</summary>
internal static class RatioList
{
    public static IReadOnlyList<IRatio> All { get; } =
    [new IngestRatio(), new DrainRatio(), new CommitsRatio()];

    /// <summary>Those named; all if none is.</summary>
    public static IReadOnlyList<IRatio> Select(IReadOnlyList<string> names)
    {
        var known = All.Select(ratio => ratio.Target.Name).ToList();
        return names.Except(known, StringComparer.Ordinal).FirstOrDefault() is { } unknown
                ? throw new UsageException(
                    $"There is no benchmark {unknown}; there are {string.Join(", ", known)}."
                )
            : names.Count == 0 ? All
            : [.. All.Where(ratio => names.Contains(ratio.Target.Name))];
    }
}
