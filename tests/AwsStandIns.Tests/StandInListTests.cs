using System.Reflection;

namespace AwsStandIns.Tests;

public sealed class StandInListTests
{
    public static TheoryData<string> StandIns => new("AwsStandIns.Sqs", "AwsStandIns.Lambda");

    [Theory]
    [MemberData(nameof(StandIns))]
    public void Readme_ListsEveryPublicMember(string standIn) =>
        Assert.Equal(PublicMembers.Of(Assembly.Load(standIn)), StandInList.Of(standIn));

    [Fact]
    public void Product_UsesListedMembersOnly()
    {
        var listed = StandIns
            .SelectMany(standIn => StandInList.Of(standIn.Data))
            .Select(StandInReferences.Parse)
            .ToDictionary(line => line.Type, line => line.Members, StringComparer.Ordinal);
        var files = Directory.EnumerateFiles(AppContext.BaseDirectory, "*.dll").ToList();
        var used = files.SelectMany(StandInReferences.Of).ToList();

        Assert.Contains(files, file => Path.GetFileName(file) == "WebhookDelivery.Aws.dll");
        Assert.Contains(files, file => Path.GetFileName(file) == "WebhookDelivery.Lambda.dll");
        Assert.NotEmpty(used);
        Assert.DoesNotContain(
            used,
            use => !listed.TryGetValue(use.Type, out var members) || !members.Contains(use.Member)
        );
    }
}
