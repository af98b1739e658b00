using System.Diagnostics;
using System.Text.Json;

namespace WebhookDelivery.Testing;

/// <summary>
/// DynamoDB, SQS and S3 as dynalite and fauxqs play them: one Node process for all tests of this
/// process, in memory and gone with it. Tests keep apart by table prefix, queue and bucket.
/// </summary>
public sealed class AwsEmulators
{
    private static readonly Lazy<Task<AwsEmulators>> s_shared = new(StartAsync);

    // Held: the emulators end when their standard input does.
    private readonly Process _process;

    private readonly string _queues;

    private AwsEmulators(Process process, string dynamoDbUrl, string sqsUrl, string queues)
    {
        _queues = queues;
        _process = process;
        DynamoDbUrl = dynamoDbUrl;
        SqsUrl = sqsUrl;
    }

    /// <summary>The emulators, started at the first call.</summary>
    public static Task<AwsEmulators> Shared => s_shared.Value;

    /// <summary>Where DynamoDB is.</summary>
    public string DynamoDbUrl { get; }

    /// <summary>Where SQS is.</summary>
    public string SqsUrl { get; }

    /// <summary>Where S3 is; it wants path-style addresses.</summary>
    public string S3Url => SqsUrl;

    /// <summary>The URL that SQS gives a queue.</summary>
    public string QueueUrl(string name) => _queues + name;

    /// <summary>Whether they still run.</summary>
    public bool IsRunning => !_process.HasExited;

    private static async Task<AwsEmulators> StartAsync()
    {
        var start = new ProcessStartInfo("node", ["aws.mjs"])
        {
            WorkingDirectory = NpmVerifier.EmulatorsDirectory,
            UseShellExecute = false,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
        };
        var process = Process.Start(start)!;
        AppDomain.CurrentDomain.ProcessExit += (_, _) => process.StandardInput.Close();
        var line =
            await process.StandardOutput.ReadLineAsync().WaitAsync(TimeSpan.FromMinutes(1))
            ?? throw new InvalidOperationException(
                "The emulators did not start: run scripts/test.sh, which installs them."
            );
        using var urls = JsonDocument.Parse(line);
        return new AwsEmulators(
            process,
            urls.RootElement.GetProperty("dynamodb").GetString()!,
            urls.RootElement.GetProperty("sqs").GetString()!,
            urls.RootElement.GetProperty("queues").GetString()!
        );
    }
}
