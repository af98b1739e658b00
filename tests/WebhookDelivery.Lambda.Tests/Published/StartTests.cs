using System.Text.Json;

namespace WebhookDelivery.Lambda.Tests;

/// <summary>What a function that cannot start tells Lambda.</summary>
public sealed class StartTests
{
    private static readonly TimeSpan s_patience = TimeSpan.FromMinutes(1);

    [Fact]
    public async Task Start_WithoutAFunction_IsReportedAndEnds()
    {
        var (message, exitCode) = await FailAsync([]);

        Assert.StartsWith("WebhookDelivery:Function must say", message, StringComparison.Ordinal);
        Assert.Equal(1, exitCode);
    }

    [Fact]
    public async Task Start_WithFaultsInTheSettings_ReportsAllOfThem()
    {
        var (message, exitCode) = await FailAsync(
            new()
            {
                ["WebhookDelivery__Function"] = "Worker",
                ["WebhookDelivery__Storage"] = "Aws",
                ["WebhookDelivery__Aws__QueueUrl"] = "http://127.0.0.1:1/queue",
                ["WebhookDelivery__Mistyped"] = "x",
            }
        );

        Assert.Contains("Aws:DeadLetterQueueUrl", message, StringComparison.Ordinal);
        Assert.Contains("Aws:PayloadBucket", message, StringComparison.Ordinal);
        Assert.Contains("Mistyped is not a setting", message, StringComparison.Ordinal);
        Assert.DoesNotContain("Function", message, StringComparison.Ordinal);
        Assert.Equal(1, exitCode);
    }

    [Fact]
    public async Task Start_OnSqlite_IsReportedAndEnds()
    {
        var (message, exitCode) = await FailAsync(
            new() { ["WebhookDelivery__Function"] = "Sweeper" }
        );

        Assert.Contains("WebhookDelivery:Storage must be Aws", message, StringComparison.Ordinal);
        Assert.Equal(1, exitCode);
    }

    private static async Task<(string Message, int ExitCode)> FailAsync(
        Dictionary<string, string> settings
    )
    {
        await using var function = await FunctionProcess.StartAsync(settings);
        var error = await function.Lambda.InitError.WaitAsync(s_patience);
        using var json = JsonDocument.Parse(error.Text);
        return (
            json.RootElement.GetProperty("errorMessage").GetString()!,
            await function.Process.WaitForExitAsync(s_patience)
        );
    }
}
