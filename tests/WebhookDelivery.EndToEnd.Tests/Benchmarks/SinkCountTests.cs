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

    private static string Id(int number) => $"evt_{number:d26}";
}
