namespace WebhookDelivery.Architecture.Tests;

public sealed class ArchitecturePageTests
{
    private const string Page = "docs/ARCHITECTURE.md";

    [Fact]
    public void Page_Exists() =>
        Assert.True(
            Repository.Files.Contains(Page),
            $"{Page} is missing: it is the map by which a newcomer finds the way, and no law can hold "
                + "a page which is not there."
        );

    [Fact]
    public void Page_NamesOnlyWhatExists() =>
        Law.Holds(
            PageNames.Faults(Repository.Read(Page)).Select(fault => $"{Page}: {fault}"),
            "A map with one wrong name is trusted in none: when code moves, the page moves with it. "
                + "What is no path or type of ours needs no code span, or a place in PageNames."
        );

    [Theory]
    [InlineData("`src/WebhookDelivery.Core/`")]
    [InlineData("`WebhookDelivery.Core/WebhookDelivery.Core.csproj`")]
    [InlineData("`tests/WebhookDelivery.*.Tests`")]
    [InlineData("`./scripts/test.sh`")]
    [InlineData("`.ci/run`")]
    [InlineData("`scripts/test.sh Core.Tests`")]
    [InlineData("`TimeProvider`")]
    [InlineData("`TimeProvider.System`")]
    [InlineData("`List<int>.Add(…)`")]
    [InlineData("`System.Threading.Tasks.Task`")]
    [InlineData("`WebhookDelivery.Core`")]
    [InlineData("`Architecture.Tests`")]
    [InlineData("`POST /events`")]
    [InlineData("`/v1/events`")]
    [InlineData("`Dictionary<string, int>.Add(key, value)`")]
    [InlineData("`PENDING`")]
    [InlineData("`webhook-id`")]
    [InlineData("`https://example.com/a.md`")]
    [InlineData("```\nNoSuchType src/none.cs\n```")]
    public void Faults_OfWhatExists_AreNone(string page) => Assert.Empty(PageNames.Faults(page));

    [Theory]
    [InlineData("`src/WebhookDelivery.Cores/`")]
    [InlineData("`NoSuchFile.cs`")]
    [InlineData("`tests/*.NoSuchTests`")]
    [InlineData("`scripts/no-such.sh --all`")]
    [InlineData("`NoSuchType`")]
    [InlineData("`TimeProvider.NoSuchMember`")]
    [InlineData("`NoSuchType.System`")]
    [InlineData("`INoSuchPort<T>`")]
    [InlineData("`NoSuchType.Decide(schedule, now)`")]
    public void Faults_OfWhatDoesNotExist_AreSeen(string page) =>
        Assert.Single(PageNames.Faults($"Some {page} words"));
}
