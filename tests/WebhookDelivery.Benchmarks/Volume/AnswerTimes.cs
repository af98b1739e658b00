using System.Diagnostics;

namespace WebhookDelivery.Benchmarks;

/// <summary>How long answers took, in milliseconds.</summary>
/// <param name="P50">Half of them took no longer.</param>
/// <param name="P99">One in a hundred took longer.</param>
internal sealed record AnswerTimes(double P50, double P99)
{
    private const int WarmUps = 10;
    private const int Requests = 200;

    public static AnswerTimes Of(IReadOnlyList<double> milliseconds) =>
        new(Percentile.Of(milliseconds, 0.5), Percentile.Of(milliseconds, 0.99));

    /// <summary>Asks for the same page over and over, one request after the other.</summary>
    public static async Task<AnswerTimes> MeasureAsync(
        Platform api,
        string path,
        CancellationToken cancellationToken
    )
    {
        for (var i = 0; i < WarmUps; i++)
        {
            await api.GetAsync(path, cancellationToken);
        }

        var milliseconds = new double[Requests];
        for (var i = 0; i < Requests; i++)
        {
            var from = Stopwatch.GetTimestamp();
            await api.GetAsync(path, cancellationToken);
            milliseconds[i] = Stopwatch.GetElapsedTime(from).TotalMilliseconds;
        }

        return Of(milliseconds);
    }
}
