namespace WebhookDelivery.Benchmarks;

/// <summary>Every ratio there is, in the order of their running.</summary>
internal static class RatioList
{
    public static IReadOnlyList<IRatio> All { get; } =
    [
        new IngestRatio(FsyncMode.Untouched),
        new DrainRatio(FsyncMode.Untouched),
        new CommitsRatio(),
        new LatencyRatio(),
        ShareRatio.OfEquals(),
        ShareRatio.OfAnOffer(),
        ShareRatio.OfOneToEight(),
        new BacklogRatio(),
        new HeapRatio(),
        PeerRatio.Warm(FsyncMode.Untouched),
        PeerRatio.Cold(),
        new IngestRatio(FsyncMode.TwoMilliseconds),
        new DrainRatio(FsyncMode.TwoMilliseconds),
        PeerRatio.Warm(FsyncMode.TwoMilliseconds),
    ];
}
