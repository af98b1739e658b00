namespace WebhookDelivery.Core.Tests;

public sealed class BacklogSignalTests
{
    [Fact]
    public void Raise_BeforeAnyoneWaits_StaysRaised()
    {
        var signal = new BacklogSignal();
        Assert.False(signal.WhenRaised.IsCompleted);
        signal.Raise();
        signal.Raise();
        Assert.True(signal.WhenRaised.IsCompletedSuccessfully);
        signal.Lower();
        Assert.False(signal.WhenRaised.IsCompleted);
    }

    [Fact]
    public void Lower_NotRaised_KeepsThoseWhoWait()
    {
        var signal = new BacklogSignal();
        var waiting = signal.WhenRaised;
        signal.Lower();
        signal.Raise();
        Assert.True(waiting.IsCompletedSuccessfully);
    }

    [Fact]
    public async Task Raise_ManyThreadsAgainstOneThatLowersAndLooks_LosesNoWork()
    {
        // Work is stored, then raised; the other side lowers, then looks: it may look once too
        // often, but must never wait with work there and nothing raised.
        const int Threads = 3;
        const int Each = 20_000;
        var signal = new BacklogSignal();
        var stored = 0;
        var raisers = Enumerable
            .Range(0, Threads)
            .Select(_ =>
                Task.Run(() =>
                {
                    for (var i = 0; i < Each; i++)
                    {
                        Interlocked.Increment(ref stored);
                        signal.Raise();
                    }
                })
            )
            .ToArray();
        var sweeper = Task.Run(async () =>
        {
            for (var done = 0; done < Threads * Each; )
            {
                await signal.WhenRaised;
                signal.Lower();
                done += Interlocked.Exchange(ref stored, 0);
            }
        });

        await Task.WhenAll(raisers).WaitAsync(TimeSpan.FromSeconds(60));
        await sweeper.WaitAsync(TimeSpan.FromSeconds(60));
    }
}
