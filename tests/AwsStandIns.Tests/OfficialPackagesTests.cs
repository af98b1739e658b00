namespace AwsStandIns.Tests;

/// <summary>The switch between the stand-ins and AWS's own packages, as MSBuild sees it.</summary>
public sealed class OfficialPackagesTests
{
    private const string StandIn = "AwsStandIns.Lambda";
    private const string Functions = "src/WebhookDelivery.Lambda/WebhookDelivery.Lambda.csproj";

    /// <summary>What the stand-in's README says that it stands in for.</summary>
    private static readonly string[] s_official =
    [
        "Amazon.Lambda.AspNetCoreServer",
        "Amazon.Lambda.AspNetCoreServer.Hosting",
        "Amazon.Lambda.Core",
        "Amazon.Lambda.RuntimeSupport",
        "Amazon.Lambda.SQSEvents",
        "Amazon.Lambda.Serialization.SystemTextJson",
    ];

    [Fact]
    public async Task Functions_Official_ReferenceThePackagesAndNoStandIn()
    {
        using var evaluation = await ProjectEvaluation.OfAsync(Functions, official: true);

        Assert.Equal(s_official, OfLambda(evaluation.Packages));
        Assert.DoesNotContain(StandIn, evaluation.Projects);
        Assert.Equal(s_official, OfLambda(evaluation.Versions));
    }

    [Fact]
    public async Task Functions_ByDefault_ReferenceTheStandInAndNoPackage()
    {
        using var evaluation = await ProjectEvaluation.OfAsync(Functions, official: false);

        Assert.Empty(OfLambda(evaluation.Packages));
        Assert.Contains(StandIn, evaluation.Projects);
    }

    [Fact]
    public async Task Functions_EitherWay_ReferenceTheSameOtherwise()
    {
        using var official = await ProjectEvaluation.OfAsync(Functions, official: true);
        using var standIn = await ProjectEvaluation.OfAsync(Functions, official: false);

        Assert.Equal(standIn.Packages, official.Packages.Except(s_official));
        Assert.Equal(standIn.Projects.Except([StandIn]), official.Projects);
    }

    [Fact]
    public async Task TestsOfTheStandIn_Official_DoNotBringTheFunctions()
    {
        // They bring the official packages, and every type would be there twice.
        using var evaluation = await ProjectEvaluation.OfAsync(
            "tests/AwsStandIns.Tests/AwsStandIns.Tests.csproj",
            official: true
        );

        Assert.Contains(StandIn, evaluation.Projects);
        Assert.DoesNotContain("WebhookDelivery.Lambda", evaluation.Projects);
    }

    [Fact]
    public void StandIn_IsReferencedByNobodyElse()
    {
        var users = Directory
            .EnumerateFiles(ProjectEvaluation.Root, "*.csproj", SearchOption.AllDirectories)
            .Where(project => File.ReadAllText(project).Contains($"{StandIn}.csproj"))
            .Select(project => Path.GetFileNameWithoutExtension(project))
            .Order(StringComparer.Ordinal);

        Assert.Equal(["AwsStandIns.Tests", "WebhookDelivery.Lambda"], users);
    }

    private static IEnumerable<string> OfLambda(IReadOnlyList<string> packages) =>
        packages
            .Where(package => package.StartsWith("Amazon.Lambda.", StringComparison.Ordinal))
            .Order(StringComparer.Ordinal);
}
