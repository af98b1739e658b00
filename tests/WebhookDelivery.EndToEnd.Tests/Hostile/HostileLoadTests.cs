using WebhookDelivery.Testing;

namespace WebhookDelivery.EndToEnd.Tests;

/// <summary>What is promised of hostile receivers, held to a server process that met them all.</summary>
[Collection(ProcessCollection.Name)]
public sealed class HostileLoadTests(HostileLoad load, ITestOutputHelper output)
    : IClassFixture<HostileLoad>
{
    private const long GrowthBytesMax = 100_000_000;

    /// <summary>
    /// What a p99 of some milliseconds may grow by, where twice of it is less than one pause of a
    /// machine that runs sender and receivers on the same few processors. A neighbour that waited for
    /// a hostile receiver would wait for seconds.
    /// </summary>
    private static readonly TimeSpan s_noise = TimeSpan.FromMilliseconds(25);

    /// <summary>What a loaded machine may add to the end of an attempt.</summary>
    private static readonly TimeSpan s_margin = TimeSpan.FromSeconds(1);

    [Fact]
    public void Attempts_EveryReceiverTwentyTimes_ComeToTheDocumentedOutcomes()
    {
        Assert.InRange(HostileReceivers.All.Count, 25, int.MaxValue);
        Assert.DoesNotContain(load.Attempts, attempt => !attempt.IsDocumented);
        foreach (var receiver in HostileReceivers.All)
        {
            var attempts = load
                .Attempts.Where(attempt => attempt.Receiver.Name == receiver.Name)
                .ToList();

            Assert.True(
                attempts.Count == HostileLoad.DeliveriesEach,
                $"{receiver}: {attempts.Count} attempts."
            );
            Assert.All(
                receiver.Outcomes,
                outcome =>
                    Assert.True(
                        attempts.Exists(attempt => attempt.Is(outcome)),
                        $"{receiver}: never {outcome}."
                    )
            );
        }
    }

    [Fact]
    public void Attempts_AllOfThem_EndByTheirDeadlines()
    {
        var longest = load.Attempts.MaxBy(attempt => attempt.Duration)!;
        output.WriteLine(
            $"longest attempt {longest.Duration.TotalMilliseconds} ms ({longest.Receiver}), all over {load.SettledIn.TotalMilliseconds:f0} ms after the last post"
        );

        Assert.InRange(
            longest.Duration,
            HostileLoad.Deadline * 0.9,
            HostileLoad.Deadline + s_margin
        );
    }

    [Fact]
    public void Memory_WhileTheyLast_GrowsByLessThan100Mb()
    {
        var growth = load.ResidentBytesPeak - load.Before.ResidentBytes;
        output.WriteLine(
            $"resident {load.Before.ResidentBytes / 1_000_000} MB before, {load.ResidentBytesPeak / 1_000_000} MB at most, {load.After.ResidentBytes / 1_000_000} MB after"
        );

        Assert.InRange(growth, long.MinValue, GrowthBytesMax);
    }

    [Fact]
    public void Process_AfterThem_HoldsNoMoreThreadsAndSocketsThanBefore()
    {
        output.WriteLine(
            $"threads {load.Before.Threads} before, {load.After.Threads} after; descriptors {load.Before.Descriptors} before, {load.After.Descriptors} after"
        );

        Assert.InRange(load.After.Threads, 1, load.Before.Threads + HostileLoad.Slack);
        Assert.InRange(load.After.Descriptors, 1, load.Before.Descriptors + HostileLoad.Slack);
    }

    [Fact]
    public void HealthyTenant_AmongThem_IsDeliveredAsAlone()
    {
        // The worst stretch alone says what the machine's other load does without any of them.
        var alone = load
            .Alone.Chunk(100)
            .Where(stretch => stretch.Length == 100)
            .Max(stretch => Quantile(stretch, 0.99));
        var among = Quantile(load.Among, 0.99);
        output.WriteLine(
            $"from post to receipt, alone ({load.Alone.Count} events): p99 {Quantile(load.Alone, 0.99).TotalMilliseconds:f1} ms, of its worst hundred {alone.TotalMilliseconds:f1}, median {Quantile(load.Alone, 0.5).TotalMilliseconds:f1}; among hostile receivers ({load.Among.Count} events): p99 {among.TotalMilliseconds:f1} ms, median {Quantile(load.Among, 0.5).TotalMilliseconds:f1}; the process took {load.ProcessorAmong.TotalSeconds:f1} s of processor time then"
        );

        Assert.InRange(load.Among.Count, 400, int.MaxValue);
        Assert.InRange(
            among,
            TimeSpan.Zero,
            alone * 2 > alone + s_noise ? alone * 2 : alone + s_noise
        );
    }

    [Fact]
    public void WhatTheySend_InTheApiAndInLogs_CannotPassForAnythingElse()
    {
        Assert.Contains("forged line", load.ApiText, StringComparison.Ordinal);
        Assert.DoesNotContain(load.ApiText, char.IsControl);
        Assert.Contains("http_status", load.Transcript, StringComparison.Ordinal);
        Assert.DoesNotContain("forged line", load.Transcript, StringComparison.Ordinal);
        Assert.DoesNotContain(
            load.Transcript,
            character => char.IsControl(character) && character is not ('\n' or '\t')
        );
    }

    [Fact]
    public void Process_AfterThem_HasMetNothingUnexpectedAndStopsCleanly()
    {
        Assert.DoesNotContain("Unexpected", load.Transcript, StringComparison.Ordinal);
        Assert.Equal(0, load.ExitCode);
    }

    private static TimeSpan Quantile(IReadOnlyList<TimeSpan> took, double share) =>
        took.Order().ElementAt((int)Math.Ceiling(took.Count * share) - 1);
}
