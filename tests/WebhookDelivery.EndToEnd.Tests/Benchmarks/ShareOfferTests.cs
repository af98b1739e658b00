using System.Diagnostics;
using WebhookDelivery.Benchmarks;

namespace WebhookDelivery.EndToEnd.Tests;

public sealed class ShareOfferTests
{
    private static readonly RatioPair Throughputs = new(
        0.5,
        [],
        new Dictionary<string, double>(StringComparer.Ordinal)
    );

    [Fact]
    public void Judge_LateAndMissingReceipts_CountAgainstTheOffer()
    {
        var posts = new[]
        {
            Post(1, "soon"),
            Post(2, "late"),
            Post(3, "missing"),
            Post(4, "again"),
        };
        var receipts = new Dictionary<string, long>(StringComparer.Ordinal)
        {
            ["soon"] = At(1.2),
            ["late"] = At(3.2),
            ["again"] = At(4.9),
        };

        var pair = new ShareOffer(posts, At(0), At(10)).Judge(Throughputs, receipts);

        Assert.Equal(0.5, pair.Ratio);
    }

    [Fact]
    public void Judge_PostsOutsideTheTime_DoNotCount()
    {
        var posts = new[] { Post(1, "before"), Post(2, "within"), Post(3, "after") };
        var receipts = new Dictionary<string, long>(StringComparer.Ordinal)
        {
            ["within"] = At(2.2),
        };

        var pair = new ShareOffer(posts, At(2), At(3)).Judge(Throughputs, receipts);

        Assert.Equal(1, pair.Ratio);
    }

    /// <summary>A post that is answered a tenth of a second after it was due.</summary>
    private static PacedSample Post(double seconds, string eventId) =>
        new(At(seconds), At(seconds + 0.1), 201, eventId);

    private static long At(double seconds) => (long)(seconds * Stopwatch.Frequency);
}
