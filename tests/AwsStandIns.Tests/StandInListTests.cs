using System.Reflection;

namespace AwsStandIns.Tests;

public sealed class StandInListTests
{
    private const string StandIn = "AwsStandIns.Lambda";

    [Fact]
    public void Readme_ListsEveryPublicMember() =>
        Assert.Equal(PublicMembers.Of(Assembly.Load(StandIn)), StandInList.Of(StandIn));

    [Fact]
    public void Product_UsesListedMembersOnly()
    {
        var listed = StandInList
            .Of(StandIn)
            .Select(StandInReferences.Parse)
            .ToDictionary(line => line.Type, line => line.Members, StringComparer.Ordinal);
        var files = Directory.EnumerateFiles(AppContext.BaseDirectory, "*.dll").ToList();
        var used = files.SelectMany(StandInReferences.Of).ToList();

        Assert.Contains(files, file => Path.GetFileName(file) == "WebhookDelivery.Lambda.dll");
        Assert.NotEmpty(used);
        Assert.DoesNotContain(
            used,
            use => !listed.TryGetValue(use.Type, out var members) || !members.Contains(use.Member)
        );
    }
}
