using WebhookDelivery.Testing;

namespace WebhookDelivery.EndToEnd.Tests;

/// <summary>The command <c>event-shards</c>, and what a start on AWS asks of its settings.</summary>
[Collection(ProcessCollection.Name)]
public sealed class EventShardsTests : IDisposable
{
    private readonly TemporaryDirectory _directory = new();

    [Fact]
    public async Task Command_OnTheAwsEngine_GrowsATenantAndNeverShrinksIt()
    {
        await using var served = new Served(await OnEmulators.SettingsAsync());
        await served.StartAsync();
        await served.CreateTenantAsync("acme");

        var grown = await RunAsync(served.Environment, "acme", "4");
        Assert.Equal(0, grown.ExitCode);
        Assert.Contains("acme has 4 event shards", grown.Output);
        var kept = await RunAsync(served.Environment, "acme", "2");
        Assert.Contains("acme has 4 event shards", kept.Output);
        var unknown = await RunAsync(served.Environment, "globex", "2");
        Assert.Equal(2, unknown.ExitCode);
        Assert.Contains("There is no tenant globex", unknown.Error);
    }

    [Theory]
    [InlineData("acme", "3", "not a power of two from 1 to 32")]
    [InlineData("acme", "64", "not a power of two from 1 to 32")]
    [InlineData("ACME", "2", "not a tenant's id")]
    [InlineData("acme", "2", "Storage is not Aws")]
    public async Task Command_ThatCannotBe_IsRefusedInWords(
        string tenant,
        string count,
        string reason
    )
    {
        var refused = await RunAsync(new Dictionary<string, string>(), tenant, count);
        Assert.Equal(2, refused.ExitCode);
        Assert.Contains(reason, refused.Error);
    }

    [Fact]
    public async Task Serve_OnAwsWithoutItsSettings_NamesEveryFault()
    {
        await using var process = ServerProcess.Start(
            Programs.Server,
            _directory.Path,
            ["serve"],
            new Dictionary<string, string>
            {
                ["WebhookDelivery__Storage"] = "aws",
                ["WebhookDelivery__Aws__TablePrefix"] = "no/slash",
                ["WebhookDelivery__Aws__DelayMaxSeconds"] = "901",
            }
        );
        Assert.Equal(2, await process.WaitForExitAsync(Served.Patience));
        Assert.Contains("Aws:QueueUrl is needed", process.Errors);
        Assert.Contains("Aws:DeadLetterQueueUrl is needed", process.Errors);
        Assert.Contains("Aws:PayloadBucket is needed", process.Errors);
        Assert.Contains("Aws:TablePrefix must be", process.Errors);
        Assert.Contains("Aws:DelayMaxSeconds must be", process.Errors);
        Assert.Contains("Secrets:KmsKeyId or Secrets:MasterKey is needed", process.Errors);
    }

    public void Dispose() => _directory.Dispose();

    private async Task<(int ExitCode, string Output, string Error)> RunAsync(
        IReadOnlyDictionary<string, string> environment,
        string tenant,
        string count
    )
    {
        await using var process = ServerProcess.Start(
            Programs.Server,
            _directory.Path,
            ["event-shards", "--tenant", tenant, "--count", count],
            environment
        );
        var exitCode = await process.WaitForExitAsync(Served.Patience);
        return (exitCode, process.Output, process.Errors);
    }
}
