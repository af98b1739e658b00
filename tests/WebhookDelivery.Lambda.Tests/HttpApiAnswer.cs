using System.Text;
using System.Text.Json;

namespace WebhookDelivery.Lambda.Tests;

/// <summary>A function's answer to a request, as API Gateway reads it.</summary>
internal sealed class HttpApiAnswer
{
    public HttpApiAnswer(InvocationEnd end)
    {
        Assert.False(end.Failed, end.Text);
        using var document = JsonDocument.Parse(end.Text);
        var answer = document.RootElement;
        Status = answer.GetProperty("statusCode").GetInt32();
        IsBase64 = answer.GetProperty("isBase64Encoded").GetBoolean();
        var body = answer.GetProperty("body").GetString()!;
        Bytes = IsBase64 ? Convert.FromBase64String(body) : Encoding.UTF8.GetBytes(body);
        foreach (var header in answer.GetProperty("headers").EnumerateObject())
        {
            Headers[header.Name] = header.Value.GetString();
        }

        if (answer.TryGetProperty("cookies", out var cookies))
        {
            Cookies = [.. cookies.EnumerateArray().Select(cookie => cookie.GetString()!)];
        }
    }

    public int Status { get; }

    public bool IsBase64 { get; }

    public byte[] Bytes { get; }

    public string Text => Encoding.UTF8.GetString(Bytes);

    public Dictionary<string, string?> Headers { get; } = new(StringComparer.OrdinalIgnoreCase);

    public IReadOnlyList<string> Cookies { get; } = [];
}
