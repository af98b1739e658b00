namespace WebhookDelivery.Cdk.Tests;

/// <summary>
/// <c>scripts/destroy.sh</c> before a command that writes down what it is asked: what it would delete,
/// and in which order.
/// </summary>
public sealed class DestroyScriptTests : IDisposable
{
    /// <summary>An account where all is there.</summary>
    private static readonly string[] s_full =
    [
        "'sts get-caller-identity'*) echo 123456789012 ;;",
        "'dynamodb describe-table'*) echo ACTIVE True ;;",
        "'sqs get-queue-url'*) echo \"https://sqs.test/$4\" ;;",
        "'kms describe-key'*) echo key-1 Enabled ;;",
    ];

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

    private readonly ScriptFolder _folder = new();

    public void Dispose() => _folder.Dispose();

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

    [Fact]
    public async Task Destroy_AfterARunThatBrokeOff_DoesOnlyWhatIsLeft()
    {
        var (code, _, errors) = await DestroyAsync(
            ["--delete-data", "--yes"],
            "",
            "'cloudformation describe-stacks'*) fails ValidationError 'Stack with id it does not exist' ;;",
            "'dynamodb describe-table --table-name webhooks-Events'*) echo DELETING True ;;",
            "'dynamodb describe-table'*) echo ACTIVE False ;;",
            "'s3api head-bucket'*) fails 404 ;;",
            "'sqs get-queue-url'*) fails AWS.SimpleQueueService.NonExistentQueue ;;",
            "'kms describe-key'*) echo key-1 PendingDeletion ;;",
            "'ssm get-parameter'*) fails ParameterNotFound ;;"
        );

        Assert.True(code == 0, errors);
        Assert.Equal(
            [
                "dynamodb wait table-not-exists --table-name webhooks-Events",
                "dynamodb delete-table --table-name webhooks-Tenants",
                "dynamodb wait table-not-exists --table-name webhooks-Tenants",
                "kms delete-alias --alias-name alias/webhooks-tenants",
            ],
            Changes()
        );
    }

    [Theory]
    [InlineData("cloudformation describe-stacks", "ExpiredToken", 1)]
    [InlineData("dynamodb describe-table", "AccessDeniedException", 3)]
    [InlineData("s3api head-bucket", "403", 0)]
    [InlineData("sqs get-queue-url", "RequestThrottled", 12)]
    [InlineData("kms describe-key", "KMSInternalException", 14)]
    [InlineData("ssm get-parameter", "ThrottlingException", 16)]
    public async Task Destroy_QuestionFails_StopsThereAndSaysWhy(
        string question,
        string error,
        int changes
    )
    {
        var (code, _, errors) = await DestroyAsync(
            ["--delete-data", "--yes"],
            "",
            $"'{question}'*) fails {error} ;;"
        );

        Assert.Equal(1, code);
        Assert.StartsWith(
            $"destroy.sh: aws {question} failed: An error occurred ({error})",
            errors,
            StringComparison.Ordinal
        );
        Assert.Equal(changes, Changes().Count());
    }

    private Task<(int Code, string Output, string Errors)> DestroyAsync(
        string[] arguments,
        string input,
        params string[] answers
    )
    {
        _folder.AddAws([.. answers, .. s_full]);
        return _folder.RunAsync("destroy.sh", arguments, input);
    }

    /// <summary>What was asked for that changes something, or waits for a change.</summary>
    private IEnumerable<string> Changes() =>
        _folder.Calls.Where(call =>
            !s_questions.Any(question => call.StartsWith(question, StringComparison.Ordinal))
        );
}
