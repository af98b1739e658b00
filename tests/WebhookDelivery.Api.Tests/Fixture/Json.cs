using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;

namespace WebhookDelivery.Api.Tests;

/// <summary>Short forms for JSON in tests.</summary>
public static class Json
{
    /// <summary>A body: text as it is, anything else serialized.</summary>
    public static HttpContent Body(object value)
    {
        var text = value as string ?? JsonSerializer.Serialize(value);
        var content = new ByteArrayContent(Encoding.UTF8.GetBytes(text));
        content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
        return content;
    }

    /// <summary>Checks the status and reads the JSON; a 204 reads as null.</summary>
    public static async Task<JsonElement> ReadAsync(this HttpResponseMessage answer, int status)
    {
        var text = await answer.Content.ReadAsStringAsync();
        Assert.True(status == (int)answer.StatusCode, $"{(int)answer.StatusCode} {text}");
        if (status == 204)
        {
            Assert.Equal("", text);
            return default;
        }

        Assert.Equal(
            status >= 400 ? "application/problem+json" : "application/json",
            answer.Content.Headers.ContentType?.MediaType
        );
        return JsonElement.Parse(text);
    }

    /// <summary>Checks a problem answer, its code and its faulty members.</summary>
    public static async Task<JsonElement> AssertProblemAsync(
        this HttpResponseMessage answer,
        int status,
        string code,
        params string[] members
    )
    {
        var problem = await answer.ReadAsync(status);
        problem.AssertProblem(status, code, members);
        return problem;
    }

    public static void AssertProblem(
        this JsonElement problem,
        int status,
        string code,
        params string[] members
    )
    {
        Assert.Equal(code, problem.Text("code"));
        Assert.Equal(status, problem.GetProperty("status").GetInt32());
        Assert.EndsWith(code, problem.Text("type"), StringComparison.Ordinal);
        Assert.NotEqual("", problem.Text("title"));
        Assert.NotEqual("", problem.Text("detail"));
        string[] faulty = problem.TryGetProperty("errors", out var errors)
            ? [.. errors.EnumerateObject().Select(each => each.Name).Order(StringComparer.Ordinal)]
            : [];
        Assert.Equal(members.Order(StringComparer.Ordinal), faulty);
    }

    public static string Text(this JsonElement element, string member) =>
        element.GetProperty(member).GetString()!;

    public static IReadOnlyList<JsonElement> Data(this JsonElement page) =>
        [.. page.GetProperty("data").EnumerateArray()];

    public static IReadOnlyList<string> Texts(this JsonElement element, string member) =>
        [.. element.GetProperty(member).EnumerateArray().Select(each => each.GetString()!)];
}
