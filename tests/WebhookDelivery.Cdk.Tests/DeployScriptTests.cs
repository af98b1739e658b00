using System.Text.Json.Nodes;
using WebhookDelivery.Testing;

namespace WebhookDelivery.Cdk.Tests;

/// <summary><c>scripts/deploy.sh</c> as far as it goes without an account.</summary>
public sealed class DeployScriptTests
{
    [Fact]
    public async Task SynthOnly_NoCredentials_WritesTheTemplate()
    {
        using var home = new TemporaryDirectory();
        var locks = await LocksAsync();

        var (code, output, errors) = await Shell.RunAsync(
            "scripts/deploy.sh",
            ["--synth-only", "--prefix", "synth-test"],
            Bare(home)
        );

        Assert.True(code == 0, $"{output}\n{errors}");
        Assert.Contains(
            "Template: artifacts/cdk/WebhookDelivery-synth-test.template.json",
            output,
            StringComparison.Ordinal
        );
        Assert.Empty(errors);
        var template = JsonNode.Parse(
            await File.ReadAllTextAsync(
                Path.Combine(Shell.Root, "artifacts/cdk/WebhookDelivery-synth-test.template.json")
            )
        )!;
        var types = template["Resources"]!
            .AsObject()
            .Select(each => (string)each.Value!["Type"]!)
            .ToHashSet(StringComparer.Ordinal);
        Assert.Superset(
            new HashSet<string>(StringComparer.Ordinal)
            {
                "AWS::DynamoDB::Table",
                "AWS::SQS::Queue",
                "AWS::S3::Bucket",
                "AWS::KMS::Key",
                "AWS::Lambda::Function",
                "AWS::Lambda::EventSourceMapping",
                "AWS::Events::Rule",
                "AWS::ApiGatewayV2::Api",
                "AWS::CloudWatch::Alarm",
            },
            types
        );
        Assert.True(
            File.Exists(Path.Combine(Shell.Root, "artifacts/lambda/WebhookDelivery.Lambda.dll"))
        );
        Assert.Equal(locks, await LocksAsync());
    }

    [Theory]
    [InlineData("--prefix")]
    [InlineData("-c")]
    [InlineData("--colour")]
    public async Task Arguments_Wrong_AreRefused(string argument)
    {
        using var home = new TemporaryDirectory();

        var (code, _, errors) = await Shell.RunAsync("scripts/deploy.sh", [argument], Bare(home));

        Assert.Equal(2, code);
        Assert.Contains(argument, errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Deploy_NoCredentials_SaysSoBeforeItBuildsAnything()
    {
        using var home = new TemporaryDirectory();
        var environment = Bare(home);
        StubCommand.Add(home.Path, "aws", "exit 255");
        environment["PATH"] = $"{home.Path}:{environment["PATH"]}";

        var (code, output, errors) = await Shell.RunAsync("scripts/deploy.sh", [], environment);

        Assert.Equal(1, code);
        Assert.Contains("no valid AWS credentials", errors, StringComparison.Ordinal);
        Assert.Empty(output);
    }

    [Fact]
    public async Task Help_Asked_NamesEverySetting()
    {
        using var home = new TemporaryDirectory();

        var (code, output, _) = await Shell.RunAsync("scripts/deploy.sh", ["-h"], Bare(home));

        Assert.Equal(0, code);
        var known = Assert.Throws<InvalidSettingsException>(() =>
            DeploymentSettings.Read(
                new Dictionary<string, string>(StringComparer.Ordinal) { ["?"] = "" },
                _ => null
            )
        );
        var names = known.Faults[^1].Split("Known are ")[1].TrimEnd('.').Split(", ");
        foreach (var name in names.Except(["lambdaDirectory"]))
        {
            Assert.Contains(name, output, StringComparison.Ordinal);
        }
    }

    /// <summary>No credentials, but the home of every build: another would have all of it done anew.</summary>
    private static Dictionary<string, string> Bare(TemporaryDirectory empty) =>
        new(StringComparer.Ordinal)
        {
            ["AWS_CONFIG_FILE"] = Path.Combine(empty.Path, "config"),
            ["AWS_SHARED_CREDENTIALS_FILE"] = Path.Combine(empty.Path, "credentials"),
            ["PATH"] = Environment.GetEnvironmentVariable("PATH")!,
        };

    /// <summary>Every lock file's content.</summary>
    private static async Task<string> LocksAsync()
    {
        var texts = await Task.WhenAll(
            new[] { "src", "deploy" }
                .SelectMany(folder =>
                    Directory.GetFiles(
                        Path.Combine(Shell.Root, folder),
                        "packages.lock.json",
                        SearchOption.AllDirectories
                    )
                )
                .Order(StringComparer.Ordinal)
                .Select(path => File.ReadAllTextAsync(path))
        );
        return string.Concat(texts);
    }
}
