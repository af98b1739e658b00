namespace WebhookDelivery.Cdk.Tests;

/// <summary>
/// <c>scripts/deploy.sh</c> to its end, before commands that answer as AWS, npm and CDK would. Settings
/// are judged, and the operator key made, by the real program.
/// </summary>
public sealed class DeploymentTests : IDisposable
{
    private const string Key = "wha_op_stored";

    /// <summary>An account with nothing in it but CDK's own stack.</summary>
    private static readonly string[] s_empty =
    [
        "'sts get-caller-identity'*) echo 123456789012 ;;",
        "'cloudformation describe-stacks --stack-name CDKToolkit'*) ;;",
        "'cloudformation describe-stacks'*) fails ValidationError 'Stack with id it does not exist' ;;",
        "'dynamodb describe-table'*) fails ResourceNotFoundException ;;",
        "'s3api head-bucket'*) fails 404 ;;",
        "'sqs get-queue-url'*) fails AWS.SimpleQueueService.NonExistentQueue ;;",
        "'kms describe-key'*) fails NotFoundException ;;",
        "'ssm get-parameter'*) fails ParameterNotFound ;;",
        "'ssm put-parameter'*) cat >\"$HOME/parameter\" ;;",
        "'lambda get-account-settings'*) echo 1000 ;;",
    ];

    private static readonly string s_program = Path.Combine(
        AppContext.BaseDirectory,
        "WebhookDelivery.Cdk.dll"
    );

    private readonly ScriptFolder _folder = new();

    public DeploymentTests()
    {
        _folder.Add(
            "dotnet",
            $$"""
            case "$1" in
              --list-sdks) echo '10.0.100 [sdk]' ;;
              build) ;;
              publish) mkdir -p artifacts/lambda && echo >artifacts/lambda/code && chmod 600 artifacts/lambda/code ;;
              *)
                shift
                case "$1" in
                  check | admin-key) PATH=${PATH#*:} exec dotnet '{{s_program}}' "$@" ;;
                  *) mkdir -p "$CDK_OUTDIR" ;;
                esac
                ;;
            esac
            """
        );
        _folder.Add("npm", "");
        // But for the address of a deployment that is not there, everything is as ever.
        _folder.Add("node", "[[ $1 == -e ]] || PATH=${PATH#*:} exec node \"$@\"");
        Directory.CreateDirectory(_folder.Path("deploy", "node_modules", ".bin"));
        StubCommand.Add(
            _folder.Path("deploy", "node_modules", ".bin"),
            "cdk",
            """
            echo '{"WebhookDelivery-webhooks":{"ApiUrl":"https://api.test","DashboardUrl":"https://dashboard.test","DlqProcessorFunctionName":"webhooks-DlqProcessor"}}' >artifacts/cdk-outputs.json
            """
        );
    }

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Deploy_TheFirstTime_MakesTheKeyAndShowsItOnce()
    {
        var (code, output, errors) = await DeployAsync();

        Assert.True(code == 0, errors);
        Assert.Empty(errors);
        var parameter = await File.ReadAllTextAsync(_folder.Path("parameter"));
        var line = Assert.Single(
            Lines(output),
            each => each.Contains("wha_", StringComparison.Ordinal)
        );
        var key = line.Split(' ')[^1];
        Assert.StartsWith("operator key ", line, StringComparison.Ordinal);
        Assert.Equal(key, parameter);
        Assert.DoesNotContain(
            _folder.Calls,
            call => call.Contains("wha_", StringComparison.Ordinal)
        );
        Assert.Contains("--cli-read-timeout 900", output, StringComparison.Ordinal);
        Assert.Contains("--function-name webhooks-DlqProcessor", output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Deploy_KeyIsThere_SaysHowToSeeItAndNoMore()
    {
        var (code, output, errors) = await DeployAsync([$"'ssm get-parameter'*) echo {Key} ;;"]);

        Assert.True(code == 0, errors);
        Assert.DoesNotContain(Key, output, StringComparison.Ordinal);
        Assert.Contains("aws ssm get-parameter", output, StringComparison.Ordinal);
        Assert.Contains(
            "--name /webhook-delivery/webhooks/admin-key",
            output,
            StringComparison.Ordinal
        );
        Assert.False(File.Exists(_folder.Path("parameter")));
    }

    [Fact]
    public async Task Publish_StrictUmask_LeavesCodeThatLambdaCanRead()
    {
        var (code, _, errors) = await DeployAsync();

        Assert.True(code == 0, errors);
        Assert.True(
            File.GetUnixFileMode(_folder.Path("artifacts", "lambda", "code"))
                .HasFlag(UnixFileMode.OtherRead)
        );
    }

    [Theory]
    [InlineData("dynamodb describe-table --table-name webhooks-Events", "table webhooks-Events")]
    [InlineData("dynamodb describe-table --table-name webhooks-Tenants", "table webhooks-Tenants")]
    [InlineData("s3api head-bucket", "bucket webhooks-payloads-123456789012-eu-west-1")]
    [InlineData("sqs get-queue-url --queue-name webhooks-Deliveries", "queue webhooks-Deliveries")]
    [InlineData(
        "sqs get-queue-url --queue-name webhooks-DeadLetters",
        "queue webhooks-DeadLetters"
    )]
    [InlineData("kms describe-key", "KMS key alias/webhooks-tenants")]
    public async Task Deploy_WithoutItsStack_RefusesWhatWasLeft(string question, string left)
    {
        var (code, _, errors) = await DeployAsync([$"'{question}'*) ;;"]);

        Assert.Equal(1, code);
        Assert.Contains("WebhookDelivery-webhooks is not there", errors, StringComparison.Ordinal);
        Assert.Contains($"    {left}\n", errors, StringComparison.Ordinal);
        AssertNothingMade();
    }

    [Theory]
    [InlineData("ROLLBACK_COMPLETE", 1)]
    [InlineData("ROLLBACK_FAILED", 1)]
    [InlineData("CREATE_FAILED", 1)]
    [InlineData("REVIEW_IN_PROGRESS", 1)]
    [InlineData("UPDATE_ROLLBACK_COMPLETE", 0)]
    [InlineData("CREATE_COMPLETE", 0)]
    public async Task Deploy_DataIsThere_IsRefusedUnlessTheStackWasOnceMade(
        string status,
        int expected
    )
    {
        var (code, _, errors) = await DeployAsync([
            $"'cloudformation describe-stacks --stack-name WebhookDelivery-webhooks'*) echo {status} None ;;",
            "'dynamodb describe-table'*) ;;",
        ]);

        Assert.Equal(expected, code);
        Assert.Equal(
            expected == 1,
            errors.Contains(
                $"is {status}:\n    table webhooks-Events\n    table webhooks-Tenants\n",
                StringComparison.Ordinal
            )
        );
        Assert.Equal(
            expected == 1,
            errors.Contains("destroy.sh --prefix webhooks --delete-data", StringComparison.Ordinal)
        );
    }

    [Fact]
    public async Task Deploy_SettingOfTheStackLeftOut_IsRefused()
    {
        const string Deployed =
            "'cloudformation describe-stacks --stack-name WebhookDelivery-webhooks'*) echo 'UPDATE_COMPLETE eventDays=90 alarmEmail=' ;;";

        var (code, _, errors) = await DeployAsync([Deployed]);
        Assert.Equal(2, code);
        Assert.Contains("Give -c eventDays=90 to keep it", errors, StringComparison.Ordinal);
        AssertNothingMade();

        (code, _, errors) = await DeployAsync([Deployed], "-c", "eventDays=90");
        Assert.True(code == 0, errors);
    }

    [Theory]
    [InlineData("cloudformation describe-stacks", "ExpiredToken")]
    [InlineData("dynamodb describe-table", "ThrottlingException")]
    [InlineData("s3api head-bucket", "403")]
    [InlineData("sqs get-queue-url", "AccessDenied")]
    [InlineData("kms describe-key", "AccessDeniedException")]
    public async Task Deploy_QuestionFails_IsNotTakenForNo(string question, string error)
    {
        var (code, _, errors) = await DeployAsync([$"'{question}'*) fails {error} ;;"]);

        Assert.Equal(1, code);
        Assert.StartsWith(
            $"deploy.sh: aws {question} failed: An error occurred ({error})",
            errors,
            StringComparison.Ordinal
        );
        AssertNothingMade();
    }

    [Fact]
    public async Task Deploy_WrongSetting_IsRefusedBeforeAnythingIsMade()
    {
        var (code, _, errors) = await DeployAsync([], "-c", "eventDays=0");

        Assert.Equal(2, code);
        Assert.Contains("eventDays: must be a whole number", errors, StringComparison.Ordinal);
        AssertNothingMade();
    }

    [Theory]
    [InlineData(21, false)]
    [InlineData(22, true)]
    public async Task Deploy_AccountWithLittleConcurrency_IsWarnedOf(int free, bool enough)
    {
        var (code, _, errors) = await DeployAsync(
            [$"'lambda get-account-settings'*) echo {free} ;;"],
            "-c",
            "workerConcurrency=2"
        );

        Assert.Equal(0, code);
        Assert.Equal(
            !enough,
            errors.Contains($"may run {free} functions at once", StringComparison.Ordinal)
        );
    }

    private Task<(int Code, string Output, string Errors)> DeployAsync(
        string[]? answers = null,
        params string[] arguments
    )
    {
        _folder.AddAws([.. answers ?? [], .. s_empty]);
        return _folder.RunAsync("deploy.sh", ["--no-seed", .. arguments]);
    }

    private void AssertNothingMade()
    {
        Assert.False(File.Exists(_folder.Path("artifacts", "lambda", "code")));
        Assert.DoesNotContain(
            _folder.Calls,
            call => call.StartsWith("ssm put", StringComparison.Ordinal)
        );
    }

    private static string[] Lines(string text) => text.Split('\n');
}
