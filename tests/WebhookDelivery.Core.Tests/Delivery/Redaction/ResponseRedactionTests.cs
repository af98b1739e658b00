using System.Net;
using System.Text;
using System.Text.Json;

namespace WebhookDelivery.Core.Tests;

public sealed class ResponseRedactionTests
{
    private const string Payload = """
        {"type":"order.created","customer":{"name":"Ada Löwe","card":"4000123412341234"},"n":7}
        """;

    private static readonly JsonSerializerOptions s_indented = new() { WriteIndented = true };

    [Fact]
    public void Apply_NothingOfOurs_IsTheSameOutcome()
    {
        var response = Told.Response(
            "{\"error\":\"no such order\"}"u8.ToArray(),
            ("Server", "nginx"u8.ToArray())
        );

        Assert.Same(
            response,
            ResponseRedaction.Apply(response, Told.Endpoint, Encoding.UTF8.GetBytes(Payload))
        );
        var nothing = Told.Response([]);
        Assert.Same(nothing, ResponseRedaction.Apply(nothing, Told.Endpoint, []));
    }

    [Fact]
    public void Apply_RunOfThePayload_LeavesTheRest() =>
        Assert.Equal(
            "Card [redacted] is refused",
            Told.Record("Card 4000123412341234 is refused", Payload)
        );

    [Fact]
    public void Apply_FifteenBytesOfThePayload_Stay() =>
        Assert.Equal("4000123412341 23", Told.Record("4000123412341 23", "x400012341234x"));

    [Theory]
    [MemberData(nameof(Quotations))]
    public void Apply_PayloadQuoted_LeavesNothingOfIt(string how, string quoted)
    {
        var recorded = Told.Record($"<p>Bad: {quoted} !", Payload);

        Assert.StartsWith("<p>Bad: ", recorded, StringComparison.Ordinal);
        Assert.Contains("[redacted]", recorded, StringComparison.Ordinal);
        foreach (var part in new[] { "order", "Ada", "4000", "customer", "name" })
        {
            Assert.False(recorded.Contains(part, StringComparison.Ordinal), $"{how}: {recorded}");
        }
    }

    public static TheoryData<string, string> Quotations =>
        new()
        {
            { "as it is", Payload },
            { "as a JSON string", JsonSerializer.Serialize(Payload) },
            {
                "as a string in a string",
                JsonSerializer.Serialize(JsonSerializer.Serialize(Payload))
            },
            { "in HTML", WebUtility.HtmlEncode(Payload) },
            { "in a URL", Uri.EscapeDataString(Payload) },
            { "indented", JsonSerializer.Serialize(JsonDocument.Parse(Payload), s_indented) },
        };

    [Theory]
    [InlineData(Told.Secret)]
    [InlineData("c2VjcmV0IG9mIDMyIGJ5dGVzIHRoYXQgbm9ib2R5IGtub3c=")]
    [InlineData(Told.OldSecret)]
    [InlineData(Told.HeaderValue)]
    [InlineData("7fGh/+kk==")]
    [InlineData(Told.QueryToken)]
    [InlineData("4711")]
    [InlineData("prod")]
    public void Apply_SecretOfTheEndpoint_IsGoneHoweverItIsQuoted(string secret)
    {
        foreach (
            var quoted in new[]
            {
                secret,
                JsonSerializer.Serialize(secret),
                secret.Replace("/", "\\/", StringComparison.Ordinal),
                WebUtility.HtmlEncode(secret),
                Uri.EscapeDataString(secret),
            }
        )
        {
            var recorded = Told.Record($"You sent: {quoted}; go away");
            Assert.Matches("^You sent: .?\\[redacted\\].?; go away$", recorded);
        }
    }

    [Fact]
    public void Apply_RequestLine_LosesItsQuery() =>
        Assert.Equal(
            "Cannot POST /hooks?[redacted] here",
            Told.Record($"Cannot POST {Told.Endpoint.Url.PathAndQuery} here")
        );

    [Theory]
    [InlineData("Version 2 of 4711x, production")]
    [InlineData("2")]
    public void Apply_WhatIsTooShortToBeTold_Stays(string body) =>
        Assert.Equal(body, Told.Record(body));

    [Theory]
    [InlineData("whsec_c2Vj")]
    [InlineData("Bearer 7fGh")]
    [InlineData("an o")]
    public void Apply_BodyCutInTheMidstOfASecret_LosesItsBeginning(string beginning) =>
        Assert.Equal("Got [redacted]", Told.Record($"Got {beginning}"));

    [Fact]
    public void Apply_Headers_AreLookedThroughByNameAndValue()
    {
        var recorded = Told.Record(
            [],
            Encoding.UTF8.GetBytes(Payload),
            ("X-Echo", Encoding.UTF8.GetBytes($"got {Payload.Trim()}")),
            ("X-4000123412341234", "1"u8.ToArray()),
            ("Server", "nginx"u8.ToArray()),
            ("X-Auth-Echo", Encoding.UTF8.GetBytes(Told.HeaderValue))
        );

        Assert.Equal(
            [
                new("X-Echo", "got [redacted]"),
                new("X-[redacted]", "1"),
                new("Server", "nginx"),
                new("X-Auth-Echo", "[redacted]"),
            ],
            recorded.ResponseHeaders.Read()
        );
    }

    [Fact]
    public void Apply_MarkersThatTakeMoreRoom_StayWithinBounds()
    {
        var body = string.Concat(Enumerable.Repeat("4711 ", 205))[..1024];
        var headers = Enumerable
            .Range(0, 20)
            .Select(i =>
                ($"H{i:00}", Encoding.ASCII.GetBytes(string.Concat(Enumerable.Repeat("4711 ", 9))))
            )
            .ToArray();

        var recorded = Told.Record(Encoding.ASCII.GetBytes(body), [], headers);

        Assert.Equal(1024, recorded.ResponseExcerpt.Length);
        Assert.InRange(recorded.ResponseHeaders.Lines.Length, 900, 1024);
        Assert.All(
            recorded.ResponseHeaders.Read(),
            header =>
                Assert.StartsWith("[redacted] [redacted]", header.Value, StringComparison.Ordinal)
        );
    }

    [Fact]
    public void Apply_StatusReasonAndTimes_StayAsTheyWere()
    {
        var response = Told.Response("4000123412341234"u8.ToArray()) with
        {
            Reason = ReasonCode.Throttled,
            RetryAfter = TimeSpan.FromSeconds(9),
            Duration = TimeSpan.FromSeconds(2),
            Directives = ReceiverDirectives.Disable,
        };

        var recorded = ResponseRedaction.Apply(
            response,
            Told.Endpoint,
            Encoding.UTF8.GetBytes(Payload)
        );

        Assert.Equal(
            response with
            {
                ResponseExcerpt = default,
            },
            recorded with
            {
                ResponseExcerpt = default,
            }
        );
    }
}
