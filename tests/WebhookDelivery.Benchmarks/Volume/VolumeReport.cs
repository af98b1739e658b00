namespace WebhookDelivery.Benchmarks;

/// <summary>Prints the figures of <c>volume</c>.</summary>
internal static class VolumeReport
{
    public static void Print(TextWriter to, VolumeFigures small, VolumeFigures large)
    {
        var table = new VolumeTable(to, $"{small.Queued} queued", $"{large.Queued} queued");
        table.Heading("");
        Row("accepted per second, delivery paused", figures => figures.FilledPerSecond);
        Row("start-up until ready, s", figures => figures.StartSeconds);
        Row("resident, receivers slow, MB", figures => figures.Megabytes);
        Row("resident at most, MB", figures => figures.PeakMegabytes);
        Row("delivered per second, 64 in flight", figures => figures.DeliveredPerSecond);
        table.Heading("p50 / p99, ms, while it delivers to slow receivers");
        table.Row($"POST /events, {VolumeMeasuring.PostsPerSecond}/s", small.Posts, large.Posts);
        foreach (var (of, with) in small.Lists.Zip(large.Lists))
        {
            table.Row(of.Name, of.Times, with.Times);
        }

        void Row(string name, Func<VolumeFigures, double> figure) =>
            table.Row(name, figure(small), figure(large));
    }

    /// <summary>How the rest of a backlog went.</summary>
    public static void Drained(TextWriter to, TallyReport from, TallyReport last)
    {
        var delivered = last.Distinct(_ => true) - from.Distinct(_ => true);
        var seconds = MonotonicClock.Milliseconds(from.Ticks, last.Ticks) / 1000;
        new VolumeTable(to).Row(
            $"delivered per second, the {delivered} left, to the end",
            VolumeTable.Nothing,
            delivered / seconds
        );
    }

    public static void Print(TextWriter to, RetentionFigures figures)
    {
        to.WriteLine();
        var table = new VolumeTable(to, "before", "while it deletes");
        table.Heading($"{figures.Expired} events expire");
        table.Row(
            "accepted per second, 64 connections",
            figures.Before.PerSecond,
            figures.During.PerSecond
        );
        table.Row(
            "  events deleted meanwhile, warm-up included",
            VolumeTable.Nothing,
            figures.DeletedUnderLoad
        );
        table.Row(
            $"POST /events, {VolumeMeasuring.PostsPerSecond}/s, p50 / p99, ms",
            figures.Before.Posts,
            figures.During.Posts
        );
        table.Row("  events deleted meanwhile", VolumeTable.Nothing, figures.DeletedUnderPosts);
        table.Row("first deletion to last, s", VolumeTable.Nothing, figures.Seconds);
        table.Row(
            "  of it, time in which events went, s",
            VolumeTable.Nothing,
            figures.ActiveSeconds
        );
        table.Row(
            "  events deleted per second of it",
            VolumeTable.Nothing,
            figures.Expired / figures.ActiveSeconds
        );
    }
}
