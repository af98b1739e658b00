using WebhookDelivery.Testing;

namespace WebhookDelivery.Cdk.Tests;

/// <summary>
/// <c>scripts/destroy.sh</c> before a command that writes down what it is asked: what it would delete,
/// and in which order.
/// </summary>
public sealed class DestroyScriptTests : IDisposable
{
    // Every describe, get, head and wait succeeds: all is there.
    private const string Recorder = """
        echo "$*" >>"$AWS_CALLS"
        case "$*" in
          "sts get-caller-identity"*) echo 123456789012 ;;
          "sqs get-queue-url"*) echo "https://sqs.test/$4" ;;
          "kms describe-key"*) echo key-1 ;;
        esac
        """;

    private static readonly string[] s_questions =
    [
        "sts get-caller-identity",
        "cloudformation describe-stacks",
        "dynamodb describe-table",
        "s3api head-bucket",
        "sqs get-queue-url",
        "kms describe-key",
        "ssm get-parameter",
    ];

    private readonly TemporaryDirectory _directory = new();

    public void Dispose() => _directory.Dispose();

    [Fact]
    public async Task Destroy_AnythingButThePrefixTyped_ChangesNothing()
    {
        var (code, output, errors) = await DestroyAsync([], "yes\n");

        Assert.Equal(1, code);
        Assert.Contains("nothing was changed", errors, StringComparison.Ordinal);
        Assert.Contains("webhooks-Events webhooks-Tenants", output, StringComparison.Ordinal);
        Assert.Empty(Changes());
    }

    [Theory]
    [InlineData("", "--yes")]
    [InlineData("webhooks\n")]
    public async Task Destroy_Confirmed_DeletesTheStackAndKeepsTheData(
        string input,
        params string[] arguments
    )
    {
        var (code, output, errors) = await DestroyAsync(arguments, input);

        Assert.True(code == 0, errors);
        Assert.Contains("This data stays", output, StringComparison.Ordinal);
        Assert.Equal(
            [
                "cloudformation delete-stack --stack-name WebhookDelivery-webhooks",
                "cloudformation wait stack-delete-complete --stack-name WebhookDelivery-webhooks",
            ],
            Changes()
        );
    }

    [Fact]
    public async Task Destroy_DeleteData_DeletesTheStackThenTheData()
    {
        var (code, _, errors) = await DestroyAsync(
            ["--prefix", "Shop", "--delete-data", "--yes"],
            ""
        );

        Assert.True(code == 0, errors);
        Assert.Equal(
            [
                "s3 rm s3://shop-payloads-123456789012-eu-west-1 --recursive --only-show-errors",
                "cloudformation delete-stack --stack-name WebhookDelivery-Shop",
                "cloudformation wait stack-delete-complete --stack-name WebhookDelivery-Shop",
                "dynamodb update-table --table-name Shop-Events --no-deletion-protection-enabled",
                "dynamodb wait table-exists --table-name Shop-Events",
                "dynamodb delete-table --table-name Shop-Events",
                "dynamodb wait table-not-exists --table-name Shop-Events",
                "dynamodb update-table --table-name Shop-Tenants --no-deletion-protection-enabled",
                "dynamodb wait table-exists --table-name Shop-Tenants",
                "dynamodb delete-table --table-name Shop-Tenants",
                "dynamodb wait table-not-exists --table-name Shop-Tenants",
                "s3 rb s3://shop-payloads-123456789012-eu-west-1 --force",
                "sqs delete-queue --queue-url https://sqs.test/Shop-Deliveries",
                "sqs delete-queue --queue-url https://sqs.test/Shop-DeadLetters",
                "kms schedule-key-deletion --key-id key-1 --pending-window-in-days 30",
                "kms delete-alias --alias-name alias/Shop-tenants",
                "ssm delete-parameter --name /webhook-delivery/Shop/admin-key",
            ],
            Changes()
        );
    }

    private string Calls => Path.Combine(_directory.Path, "calls");

    private async Task<(int Code, string Output, string Errors)> DestroyAsync(
        string[] arguments,
        string input
    )
    {
        StubCommand.Add(_directory.Path, "aws", Recorder);
        return await Shell.RunAsync(
            "scripts/destroy.sh",
            arguments,
            new(StringComparer.Ordinal)
            {
                ["AWS_CALLS"] = Calls,
                ["AWS_REGION"] = "eu-west-1",
                ["PATH"] = $"{_directory.Path}:{Environment.GetEnvironmentVariable("PATH")}",
            },
            input
        );
    }

    /// <summary>What was asked for that changes something, or waits for a change.</summary>
    private IEnumerable<string> Changes() =>
        File.ReadAllLines(Calls)
            .Where(call =>
                !s_questions.Any(question => call.StartsWith(question, StringComparison.Ordinal))
            );
}
