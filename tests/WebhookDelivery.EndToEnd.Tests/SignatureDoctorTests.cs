using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using WebhookDelivery.Testing;

namespace WebhookDelivery.EndToEnd.Tests;

/// <summary>
/// The signature doctor, over webhooks that a receiver really got: the untouched one is good, and each that is
/// broken in a known way is told with that fault first.
/// </summary>
public abstract class SignatureDoctorTests<TEngine> : EndToEndTest<TEngine>
    where TEngine : IEngine, new()
{
    private const string Payload =
        """{ "type":"order.created", "name":"Zoë \u00e9 🦊", "n":1.50, "at":{"b":1,"a":[1, 2]} }""";

    private const string Compact =
        """{"type":"order.created","name":"Zoë é 🦊","n":1.5,"at":{"a":[1,2],"b":1}}""";

    [Fact]
    public async Task Untouched_webhooks_are_valid_under_every_scheme_they_have()
    {
        var receiver = AddReceiver();
        var acme = await AddTenantAsync();
        var endpoint = await acme.AddEndpointAsync(receiver.Url, """ "event_types":["order.*"] """);
        var legacy = await acme.AddEndpointAsync(
            receiver.Url,
            """ "event_types":["invoice.*"],"secret":"my-own-legacy-secret-123" """
        );

        var got = await DeliverAsync(acme, receiver);
        AssertValid(await AskAsync(acme, new Case(endpoint, got)));
        AssertValid(await AskAsync(acme, new Case(endpoint, got) { Secret = endpoint.Secret }));
        AssertValid(await AskAsync(acme, new Case(endpoint, got).Without("Stripe-Signature")), 1);
        AssertValid(
            await AskAsync(
                acme,
                new Case(endpoint, got)
                    .Without("webhook-id")
                    .Without("webhook-timestamp")
                    .Without("webhook-signature")
            ),
            1
        );

        var rotated = await acme.PostAsync(endpoint.Path + "/rotate-secret", "{}");
        var during = await DeliverAsync(acme, receiver);
        foreach (var secret in new[] { endpoint.Secret, rotated.Expect(200)["secret"] })
        {
            AssertValid(await AskAsync(acme, new Case(endpoint, during) { Secret = secret }));
        }

        await acme.WaitForAsync(
            await acme.PostEventAsync("""{"type":"invoice.paid"}"""),
            "DELIVERED"
        );
        var stripeOnly = await AskAsync(acme, new Case(legacy, receiver.Requests[^1]));
        AssertValid(stripeOnly, 1);
        Assert.False(Scheme(stripeOnly, "standard_webhooks")["expected"]!.GetValue<bool>());
    }

    [Fact]
    public async Task Headers_that_are_broken_are_told()
    {
        var (acme, endpoint, got) = await ReceivedAsync();
        var whole = new Case(endpoint, got);
        var seconds = got["webhook-timestamp"]!;
        var stripe = got["Stripe-Signature"]!;
        var signature = got["webhook-signature"]!;

        await ToldAsync(acme, "missing_header", whole.Without("webhook-timestamp"));
        await ToldAsync(acme, "missing_header", whole.Without("webhook-id"));
        await ToldAsync(acme, "missing_header", whole.Without("webhook-signature"));
        await ToldAsync(
            acme,
            "missing_header",
            whole.Without("webhook-signature").Without("Stripe-Signature")
        );
        await ToldAsync(acme, "duplicate_header", whole.With("WEBHOOK-ID", got["webhook-id"]!));
        await ToldAsync(
            acme,
            "duplicate_header",
            whole.Set("webhook-signature", $"{signature}, {signature}")
        );
        await ToldAsync(acme, "malformed_header", whole.Set("webhook-timestamp", seconds + "123"));
        await ToldAsync(acme, "malformed_header", whole.Set("webhook-signature", signature[..30]));
        await ToldAsync(acme, "malformed_header", whole.Set("Stripe-Signature", stripe[..40]));
        await ToldAsync(
            acme,
            "malformed_header",
            whole.Set(
                "Stripe-Signature",
                stripe[..13] + stripe[13..].ToUpperInvariant().Replace("V1=", "v1=")
            )
        );
        await ToldAsync(
            acme,
            "no_known_version",
            whole.Set("webhook-signature", signature.Replace("v1,", "v2,"))
        );
        await ToldAsync(
            acme,
            "no_known_version",
            whole.Set("Stripe-Signature", stripe.Replace("v1=", "v0="))
        );
        await ToldAsync(acme, "wrong_timestamp", whole.Set("webhook-timestamp", Add(seconds, 1)));
        await ToldAsync(
            acme,
            "wrong_event_id",
            whole.Set("webhook-id", got["webhook-id"]!.ToUpperInvariant())
        );
        await ToldAsync(
            acme,
            "wrong_event_id",
            whole.Set("webhook-id", await acme.PostEventAsync("""{"type":"another"}"""))
        );
        await ToldAsync(
            acme,
            "unknown_event",
            whole.Set("webhook-id", "evt_" + got["webhook-id"]![4..^4] + "0000")
        );
    }

    [Fact]
    public async Task Bodies_that_are_broken_are_told()
    {
        var (acme, endpoint, got) = await ReceivedAsync();
        var whole = new Case(endpoint, got);

        foreach (
            var (body, way) in new[]
            {
                (Compact, "white space, key order, escapes in strings, number forms"),
                (Payload + "\n", "a newline"),
                ("\uFEFF" + Payload, "byte order mark"),
                (Payload.Replace("\\u00e9", "é", StringComparison.Ordinal), "escapes"),
                (Payload.Replace("1.50", "1.5", StringComparison.Ordinal), "number forms"),
                (Payload.Replace(" }", "\r\n}", StringComparison.Ordinal), "white space"),
            }
        )
        {
            var fault = await ToldAsync(acme, "body_reserialised", whole.WithBody(body));
            Assert.Contains(way, fault["detail"]!.GetValue<string>(), StringComparison.Ordinal);
        }

        await ToldAsync(acme, "body_changed", whole.WithBody(Payload[..^5]));
        await ToldAsync(acme, "body_changed", whole.WithBody(Payload.Replace("1.50", "9.50")));
        await ToldAsync(
            acme,
            "body_changed",
            whole with
            {
                Body = Encoding.UTF8.GetBytes(Encoding.Latin1.GetString(got.Body)),
            }
        );
        await ToldAsync(acme, "body_empty", whole.WithBody(""));
        var stripeOnly = whole.Without("webhook-id").Without("webhook-signature");
        await ToldAsync(acme, "no_match", stripeOnly.Without("webhook-timestamp").WithBody("{}"));
    }

    [Fact]
    public async Task Secrets_that_are_wrong_are_told()
    {
        var receiver = AddReceiver();
        var acme = await AddTenantAsync();
        var endpoint = await acme.AddEndpointAsync(receiver.Url, """ "event_types":["order.*"] """);
        var other = await acme.AddEndpointAsync(receiver.Url, """ "event_types":["invoice.*"] """);
        var got = await DeliverAsync(acme, receiver);
        var whole = new Case(endpoint, got);

        await ToldAsync(
            acme,
            "other_endpoint_secret",
            whole with
            {
                Endpoint = other,
            },
            endpoint.Id
        );
        await ToldAsync(
            acme,
            "unknown_secret",
            whole
                .Set("webhook-signature", "v1," + Convert.ToBase64String(new byte[32]))
                .Set("Stripe-Signature", $"t={got["webhook-timestamp"]},v1={new string('0', 64)}")
        );
        var key = Convert.FromBase64String(endpoint.Secret["whsec_".Length..]);
        foreach (
            var (secret, why) in new[]
            {
                (other.Secret, other.Id),
                (endpoint.Secret["whsec_".Length..], "whsec_"),
                (endpoint.Secret + "\n", "white space"),
                ($"\"{endpoint.Secret}\"", "quotes"),
                (Convert.ToHexString(key), "hex"),
                (Encoding.Latin1.GetString(key), "base64-decoded"),
                (
                    Convert.ToBase64String(Encoding.ASCII.GetBytes(endpoint.Secret)),
                    "once too often"
                ),
                ("whsec_" + Convert.ToBase64String(new byte[32]), "none of"),
            }
        )
        {
            var answer = await ToldAsync(
                acme,
                "receiver_secret_differs",
                whole with
                {
                    Secret = secret,
                },
                why,
                isValid: true
            );
            Assert.DoesNotContain(
                endpoint.Secret[6..],
                answer.ToJsonString(),
                StringComparison.Ordinal
            );
        }

        var rotated = await acme.PostAsync(
            endpoint.Path + "/rotate-secret",
            """{"overlap_seconds":60}"""
        );
        await ToldAsync(
            acme,
            "receiver_secret_differs",
            whole with
            {
                Secret = rotated.Expect(200)["secret"],
            },
            "did not sign",
            isValid: true
        );
        Clock.Advance(TimeSpan.FromSeconds(60));
        await ToldAsync(acme, "old_secret", whole, "expired at");
        var fresh = await DeliverAsync(acme, receiver);
        await ToldAsync(
            acme,
            "receiver_secret_differs",
            new Case(endpoint, fresh) { Secret = endpoint.Secret },
            "expired at",
            isValid: true
        );
        (await acme.DeleteAsync(endpoint.Path + "/old-secrets")).Expect(204);
        await ToldAsync(acme, "unknown_secret", whole);
    }

    [Fact]
    public async Task Clocks_that_are_wrong_are_told()
    {
        var (acme, endpoint, got) = await ReceivedAsync();
        var whole = new Case(endpoint, got);
        var signedAt = DateTimeOffset.FromUnixTimeSeconds(
            long.Parse(got["webhook-timestamp"]!, CultureInfo.InvariantCulture)
        );

        AssertValid(await AskAsync(acme, whole with { ReceivedAt = signedAt.AddSeconds(300) }));
        await ToldAsync(
            acme,
            "timestamp_too_old",
            whole with
            {
                ReceivedAt = signedAt.AddSeconds(301),
            },
            "1 s more than the tolerance"
        );
        await ToldAsync(
            acme,
            "timestamp_in_future",
            whole with
            {
                ReceivedAt = signedAt.AddSeconds(-400),
            },
            "signature itself is right"
        );
        Clock.Advance(TimeSpan.FromMinutes(10));
        await ToldAsync(acme, "timestamp_too_old", whole);
    }

    [Fact]
    public async Task What_a_receiver_computes_wrongly_is_told()
    {
        var (acme, endpoint, got) = await ReceivedAsync();
        var (id, time) = (got["webhook-id"]!, got["webhook-timestamp"]!);
        var text = Encoding.ASCII.GetBytes(endpoint.Secret);
        var key = Convert.FromBase64String(endpoint.Secret["whsec_".Length..]);
        var body = Encoding.UTF8.GetString(got.Body);
        var whole = new Case(endpoint, got);

        AssertValid(
            await AskAsync(acme, whole with { Computed = Base64(key, $"{id}.{time}.{body}") })
        );
        AssertValid(await AskAsync(acme, whole with { Computed = Hex(text, $"{time}.{body}") }));
        foreach (
            var (computed, code, why) in new[]
            {
                (Base64(key, body), "signed_content_wrong", "the body alone"),
                (Base64(key, $"{time}.{body}"), "signed_content_wrong", "id.timestamp.body"),
                (Hex(key, $"{id}.{time}.{body}"), "signed_content_wrong", "hex instead of base64"),
                (Base64(key, $"{id}:{time}:{body}"), "signed_content_wrong", "separator"),
                (Base64(key, $"{id}.{time}000.{body}"), "signed_content_wrong", "milliseconds"),
                (Base64(text, $"{id}.{time}.{body}"), "receiver_secret_differs", "base64-decoded"),
                (Hex(key, $"{time}.{body}"), "receiver_secret_differs", "whole text"),
                (Base64(key, $"{id}.{time}.{body}\n"), "body_reserialised", "newline"),
                (Hex(text, "something else"), "signed_content_wrong", "none of the known"),
                ("c2hvcnQ=", "signed_content_wrong", "5 bytes"),
            }
        )
        {
            await ToldAsync(acme, code, whole with { Computed = computed }, why, isValid: true);
        }
    }

    [Fact]
    public async Task Nobody_sees_another_tenant_s_things()
    {
        var (acme, endpoint, got) = await ReceivedAsync();
        var other = await AddTenantAsync("other");
        var own = await other.AddEndpointAsync(new Uri("http://127.0.0.1:9/"));

        var foreign = await SendAsync(other, new Case(endpoint, got));
        var unknown = await SendAsync(
            other,
            new Case(endpoint with { Id = "ep_" + new string('0', 26) }, got)
        );
        var asOwn = await AskAsync(other, new Case(own, got) { Secret = endpoint.Secret });

        Assert.Equal("not_found", foreign.Expect(404)["code"]);
        Assert.Equal(unknown.Fingerprint, foreign.Fingerprint);
        Assert.False(asOwn["event"]!["known"]!.GetValue<bool>());
        Assert.Equal(
            ["receiver_secret_differs", "unknown_event", "no_match"],
            asOwn["faults"]!.AsArray().Select(fault => fault!["code"]!.GetValue<string>())
        );
        Assert.DoesNotContain(endpoint.Id, asOwn.ToJsonString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_is_wrong_with_the_question_is_told_all_at_once()
    {
        var acme = await AddTenantAsync();

        var answer = await acme.PostAsync(
            "/v1/signature/verify",
            """{"body":"a","body_base64":"YQ==","received_at":"now","tolerance_seconds":-1,"x":1}"""
        );

        Assert.Equal("validation_failed", answer.Expect(400)["code"]);
        Assert.Equal(
            ["body", "endpoint_id", "headers", "received_at", "tolerance_seconds", "x"],
            answer.Json.GetProperty("errors").EnumerateObject().Select(each => each.Name).Order()
        );
    }

    [Fact]
    public async Task Test_event_with_a_payload_of_ones_own_arrives_byte_for_byte()
    {
        var receiver = AddReceiver();
        var acme = await AddTenantAsync();
        var endpoint = await acme.AddEndpointAsync(receiver.Url, """ "event_types":["never"] """);

        var sent = await acme.PostAsync(
            endpoint.Path + "/test",
            $$"""{"event_type":"order.created","payload":{{Payload}}}"""
        );
        var id = sent.Expect(202)["event_id"];
        await acme.WaitForAsync(id, "DELIVERED");

        var got = Assert.Single(receiver.Requests);
        Assert.Equal(Payload, Encoding.UTF8.GetString(got.Body));
        Assert.Equal("order.created", got["webhook-event-type"]);
        Assert.Equal(200, Assert.Single(await acme.AttemptsAsync(id)).StatusCode);
        AssertValid(await AskAsync(acme, new Case(endpoint, got)));
    }

    private static string Add(string seconds, int more) =>
        (long.Parse(seconds, CultureInfo.InvariantCulture) + more).ToString(
            CultureInfo.InvariantCulture
        );

    private static string Base64(byte[] key, string content) =>
        Convert.ToBase64String(HMACSHA256.HashData(key, Encoding.UTF8.GetBytes(content)));

    private static string Hex(byte[] key, string content) =>
        Convert.ToHexStringLower(HMACSHA256.HashData(key, Encoding.UTF8.GetBytes(content)));

    private static async Task<WireRequest> DeliverAsync(TenantUser tenant, WireReceiver receiver)
    {
        await tenant.WaitForAsync(await tenant.PostEventAsync(Payload), "DELIVERED");
        return receiver.Requests[^1];
    }

    private async Task<(TenantUser Tenant, EndpointRef Endpoint, WireRequest Got)> ReceivedAsync()
    {
        var receiver = AddReceiver();
        var acme = await AddTenantAsync();
        var endpoint = await acme.AddEndpointAsync(receiver.Url, """ "event_types":["order.*"] """);
        return (acme, endpoint, await DeliverAsync(acme, receiver));
    }

    private static Task<Answer> SendAsync(TenantUser tenant, Case asked) =>
        tenant.PostAsync("/v1/signature/verify", asked.ToJson());

    private static async Task<JsonNode> AskAsync(TenantUser tenant, Case asked) =>
        JsonNode.Parse((await SendAsync(tenant, asked)).Expect(200).Text)!;

    /// <summary>Checks the first fault. Returns it.</summary>
    private static async Task<JsonNode> ToldAsync(
        TenantUser tenant,
        string code,
        Case asked,
        string why = "",
        bool isValid = false
    )
    {
        var answer = await AskAsync(tenant, asked);
        var told = answer["faults"]!.AsArray();
        Assert.True(told.Count > 0, $"Expected {code}, got no fault.");
        Assert.True(
            told[0]!["code"]!.GetValue<string>() == code,
            $"Expected {code}: {answer.ToJsonString()}"
        );
        Assert.Contains(why, told[0]!["detail"]!.GetValue<string>(), StringComparison.Ordinal);
        Assert.True(
            answer["valid"]!.GetValue<bool>() == isValid,
            $"{code}: {answer.ToJsonString()}"
        );
        return told[0]!;
    }

    private static JsonNode Scheme(JsonNode answer, string scheme) => answer["schemes"]![scheme]!;

    private static void AssertValid(JsonNode answer, int schemes = 2)
    {
        Assert.True(answer["valid"]!.GetValue<bool>(), answer.ToJsonString());
        Assert.Empty(answer["faults"]!.AsArray());
        Assert.Equal(
            schemes,
            new[] { "stripe", "standard_webhooks" }.Count(scheme =>
                Scheme(answer, scheme)["valid"]!.GetValue<bool>()
                && Scheme(answer, scheme)["fault"] is null
            )
        );
    }

    /// <summary>What the doctor is asked.</summary>
    private sealed record Case(EndpointRef Endpoint, WireRequest Got)
    {
        public IReadOnlyList<KeyValuePair<string, string>> Headers { get; init; } = Got.Headers;

        public byte[] Body { get; init; } = Got.Body;

        public string? Secret { get; init; }

        public string? Computed { get; init; }

        public DateTimeOffset? ReceivedAt { get; init; }

        public Case WithBody(string body) => this with { Body = Encoding.UTF8.GetBytes(body) };

        public Case With(string name, string value) =>
            this with
            {
                Headers = [.. Headers, new(name, value)],
            };

        public Case Without(string name) =>
            this with
            {
                Headers =
                [
                    .. Headers.Where(each =>
                        !each.Key.Equals(name, StringComparison.OrdinalIgnoreCase)
                    ),
                ],
            };

        public Case Set(string name, string value) => Without(name).With(name, value);

        public string ToJson()
        {
            var headers = new JsonObject();
            foreach (var (name, value) in Headers)
            {
                headers.Add(name, value);
            }

            var json = new JsonObject
            {
                ["endpoint_id"] = Endpoint.Id,
                ["headers"] = headers,
                ["body_base64"] = Convert.ToBase64String(Body),
            };
            if (Secret is not null)
            {
                json["secret"] = Secret;
            }

            if (Computed is not null)
            {
                json["computed_signature"] = Computed;
            }

            if (ReceivedAt is { } at)
            {
                json["received_at"] = at.UtcDateTime.ToString("O", CultureInfo.InvariantCulture);
            }

            return json.ToJsonString();
        }
    }
}
