namespace WebhookDelivery.Benchmarks;

/// <summary>Every ratio there is, in the order of their running.</summary>
internal static class RatioList
{
    public static IReadOnlyList<IRatio> All { get; } =
    [
        new IngestRatio(FsyncMode.Untouched),
        new DrainRatio(FsyncMode.Untouched),
        new CommitsRatio(),
        new PeerRatio(FsyncMode.Untouched),
        new IngestRatio(FsyncMode.TwoMilliseconds),
        new DrainRatio(FsyncMode.TwoMilliseconds),
        new PeerRatio(FsyncMode.TwoMilliseconds),
    ];
}
