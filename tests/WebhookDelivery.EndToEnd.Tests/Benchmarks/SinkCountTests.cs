using WebhookDelivery.Benchmarks;

namespace WebhookDelivery.EndToEnd.Tests;

public sealed class SinkCountTests
{
    [Fact]
    public async Task Match_AnotherIdInsteadOfOneRecorded_IsUnseenThoughAsManyArrived()
    {
        var path = Path.GetTempFileName();
        try
        {
            await File.WriteAllTextAsync(
                path,
                Id(1) + Id(2) + Id(2) + Id(3),
                TestContext.Current.CancellationToken
            );
            var count = new SinkCount(new SinkExpectation(3, 0, 0, 0));
            count.Add(Id(1));
            count.Add(Id(2));
            count.Add(Id(4));

            var match = await count.MatchAsync(path, TestContext.Current.CancellationToken);

            Assert.Equal(new IdsMatch(Recorded: 3, Unseen: 1), match);
        }
        finally
        {
            File.Delete(path);
        }
    }

    [Theory]
    [InlineData(10, 85)]
    [InlineData(0, 94)]
    public void Report_AllReceived_WindowIsFromTheFirstTimedTo95Percent(int first, int events)
    {
        var count = new SinkCount(new SinkExpectation(100, first, 0, 0));
        for (var i = 1; i <= 94; i++)
        {
            count.Add(Id(i));
        }

        Assert.Equal(0, count.Report().WindowEvents);
        for (var i = 90; i <= 100; i++)
        {
            count.Add(Id(i));
        }

        var report = count.Report();
        Assert.Equal((105, 100, events), (report.Requests, report.Distinct, report.WindowEvents));
        Assert.InRange(report.WindowSeconds, 0, 60);
    }

    private static string Id(int number) => $"evt_{number:d26}";
}
