using System.Text.Json;

namespace WebhookDelivery.Api.Tests;

/// <summary>What an answer says of a request that has more faults than anybody wants to read.</summary>
public sealed class ManyFaultsTests(TestApi api)
{
    private const string Path = "/v1/signature/verify";

    /// <summary>Most faults that one answer tells.</summary>
    private const int FaultsMax = 100;

    /// <summary>So many members that their text fills the largest body.</summary>
    private const int Members = TestApi.MaxPayloadBytes / 8;

    [Theory]
    [InlineData("", "")]
    [InlineData("\\ud800", "?")]
    public async Task Body_OfOneNameOverAndOver_TellsItOnce(string name, string member)
    {
        var errors = await ErrorsAsync(Repeat($"\"{name}\":1", Members));

        Assert.Equal([member, "*"], errors.EnumerateObject().Select(each => each.Name));
        Assert.All(errors.EnumerateObject(), each => Assert.Equal(1, each.Value.GetArrayLength()));
    }

    [Fact]
    public async Task Body_OfMoreMembersThanAnyRequestHas_SaysNothingOfEach()
    {
        var errors = await ErrorsAsync(
            string.Join(',', Enumerable.Range(0, Members / 2).Select(i => $"\"{i}\":1"))
        );

        Assert.Equal("*", Assert.Single(errors.EnumerateObject()).Name);
    }

    [Theory]
    [InlineData(FaultsMax, false)]
    [InlineData(FaultsMax + 1, true)]
    [InlineData(FaultsMax + 20, true)]
    public async Task Body_OfUnknownMembers_TellsThemUpToTheBoundAndThatThereAreMore(
        int count,
        bool more
    )
    {
        var unknown = string.Join(',', Enumerable.Range(0, count).Select(i => $"\"x{i}\":1"));
        var errors = await ErrorsAsync(
            $$"""{{unknown}},"endpoint_id":"ep_00000000000000000000000001","headers":{},"body":"" """
        );

        var told = errors.EnumerateObject().Select(each => each.Name).ToList();
        Assert.Equal(more, told.Remove("*"));
        Assert.Equal(Enumerable.Range(0, FaultsMax).Select(i => $"x{i}"), told);
    }

    [Theory]
    [InlineData("\"headers\":{\"a\":[LIST]}", "headers[")]
    [InlineData("\"headers\":{LIST}", "headers[", "\"a\":1")]
    public async Task Headers_BeyondTheirNumber_AreNotReadOn(
        string body,
        string member,
        string item = "1"
    )
    {
        var list = Repeat(item, Members);
        var errors = await ErrorsAsync(body.Replace("LIST", list, StringComparison.Ordinal));

        // 64 values are allowed, and one more shows that there are too many.
        Assert.Equal(
            65,
            errors
                .EnumerateObject()
                .Count(each => each.Name.StartsWith(member, StringComparison.Ordinal))
        );
    }

    [Theory]
    [InlineData("event_types", "[", "]", "1")]
    [InlineData("metadata", "{", "}", "\"a\":1")]
    [InlineData("filter", "{\"and\":[", "]}", "1")]
    public async Task ListsOfAnEndpoint_FullOfFaults_TellTheFirst(
        string member,
        string start,
        string end,
        string item
    )
    {
        var tenant = await api.NewTenantAsync();
        var problem = await tenant.SendAsync(
            HttpMethod.Post,
            "/v1/endpoints",
            $$"""{"url":"https://a.test","{{member}}":{{start}}{{Repeat(item, 2000)}}{{end}}}""",
            400
        );

        var told = problem.GetProperty("errors").EnumerateObject().Select(each => each.Name);
        Assert.Equal(FaultsMax + 1, told.Count());
        Assert.Contains("*", told);
    }

    private async Task<JsonElement> ErrorsAsync(string members)
    {
        var tenant = await api.NewTenantAsync();
        var problem = await tenant.SendAsync(HttpMethod.Post, Path, $"{{{members}}}", 400);
        Assert.Equal("validation_failed", problem.Text("code"));
        return problem.GetProperty("errors");
    }

    private static string Repeat(string item, int count) =>
        string.Join(',', Enumerable.Repeat(item, count));
}
