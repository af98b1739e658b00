using System.Diagnostics;
using WebhookDelivery.Testing;

namespace WebhookDelivery.EndToEnd.Tests;

/// <summary>The promise of a 201 on the AWS engine, held against a process that is killed under load.</summary>
[Collection(ProcessCollection.Name)]
public sealed class AwsCrashTests(ITestOutputHelper output)
{
    private const int Kills = 3;
    private const int AcceptedPerKill = 30;
    private const int AcceptedInHand = 15;

    /// <summary>
    /// How long SQS takes a killed process for alive. Five of them make a message poison: longer than
    /// a message waits in a server that runs.
    /// </summary>
    private const int VisibilitySeconds = 8;

    [Fact]
    public async Task Serve_KilledUnderLoad_DeliversAllThatWasAccepted()
    {
        var emulators = await AwsEmulators.Shared;
        var prefix = $"crash{Random.Shared.Next():x}";
        await using var server = new Served(
            new Dictionary<string, string>
            {
                ["Storage"] = "Aws",
                ["Secrets__MasterKey"] = Convert.ToBase64String(new byte[32]),
                ["Aws__TablePrefix"] = prefix,
                ["Aws__QueueUrl"] = emulators.QueueUrl($"{prefix}-due"),
                ["Aws__DeadLetterQueueUrl"] = emulators.QueueUrl($"{prefix}-dead"),
                ["Aws__PayloadBucket"] = $"{prefix}-payloads",
                ["Aws__CreateMissing"] = "true",
                ["Aws__ReceiveWaitSeconds"] = "1",
                ["Aws__VisibilityTimeoutSeconds"] = $"{VisibilitySeconds}",
            }
        );
        string[] environment =
        [
            "env",
            $"AWS_ENDPOINT_URL_DYNAMODB={emulators.DynamoDbUrl}",
            $"AWS_ENDPOINT_URL_SQS={emulators.SqsUrl}",
            $"AWS_ENDPOINT_URL_S3={emulators.S3Url}",
            "AWS_REGION=us-east-1",
            "AWS_ACCESS_KEY_ID=test",
            "AWS_SECRET_ACCESS_KEY=test",
        ];
        var start = Stopwatch.GetTimestamp();
        await server.StartAsync(environment);
        await using var traffic = await Traffic.CreateAsync(server, 3);
        traffic.Start(posters: 4);
        for (var kill = 1; kill <= Kills; kill++)
        {
            await server.WaitUntilReadyAsync();
            await AcceptedAsync(server, traffic, AcceptedPerKill);

            // What is under way at receivers dies with the process: its messages must come again.
            traffic.Hold();
            await AcceptedAsync(server, traffic, AcceptedInHand);
            await server.Process.KillAsync();
            traffic.Release();
            await server.Process.DisposeAsync();
            server.Launch(environment);
        }

        await server.WaitUntilReadyAsync();
        await traffic.StopAsync();
        await Until.HoldsAsync(
            () => ValueTask.FromResult(traffic.Ledger.Imbalance().Count == 0),
            Served.Patience,
            () => string.Join('\n', traffic.Ledger.Imbalance().Take(20))
        );

        var ledger = traffic.Ledger;
        output.WriteLine(
            $"{Kills} kills, {ledger.Posted} posted, {ledger.Accepted} accepted, {ledger.Received} received, {ledger.Duplicates} duplicates, {ledger.Unanswered} delivered without an answer, {Stopwatch.GetElapsedTime(start).TotalSeconds:F1} s"
        );
        Assert.InRange(ledger.Accepted, Kills * AcceptedPerKill, int.MaxValue);
        foreach (var key in traffic.TenantKeys)
        {
            Assert.Empty(await server.ListAsync(key, "DEAD_LETTER"));
        }
    }

    private static Task AcceptedAsync(Served server, Traffic traffic, int more)
    {
        var enough = traffic.Ledger.Accepted + more;
        return Until.HoldsAsync(
            () => ValueTask.FromResult(traffic.Ledger.Accepted >= enough),
            Served.Patience,
            () => server.Process.Transcript
        );
    }
}
