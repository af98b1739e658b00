using System.Text;
using WebhookDelivery.Testing;

namespace WebhookDelivery.EndToEnd.Tests;

/// <summary>The libraries that receivers use accept what came over the wire, and only that.</summary>
public abstract class SignatureTests<TEngine> : EndToEndTest<TEngine>
    where TEngine : IEngine, new()
{
    private const string Payload =
        """{ "type":"order.created", "name":"Zoë \u00e9 🦊", "n":1e400 }""";

    private readonly NpmVerifier _libraries;

    protected SignatureTests() => _libraries = Own(NpmVerifier.Start());

    [Fact]
    public async Task A_delivery_is_accepted_by_every_library_under_its_endpoint_s_secret()
    {
        var receiver = AddReceiver();
        var acme = await AddTenantAsync();
        var endpoint = await acme.AddEndpointAsync(receiver.Url);

        var delivery = await DeliverAsync(acme, receiver);

        await AcceptedByAllAsync(delivery, endpoint.Secret);
        await RefusedByAllAsync(delivery, SecretOf('x'));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(20)]
    [InlineData(-1)]
    public async Task A_delivery_with_one_byte_changed_is_refused_by_every_library(int at)
    {
        var receiver = AddReceiver();
        var acme = await AddTenantAsync();
        var endpoint = await acme.AddEndpointAsync(receiver.Url);

        var delivery = await DeliverAsync(acme, receiver);
        var tampered = (byte[])delivery.Body.Clone();
        tampered[at < 0 ? ^1 : at] ^= 1;

        await RefusedByAllAsync(delivery with { Body = tampered }, endpoint.Secret);
    }

    [Fact]
    public async Task A_rotation_with_overlap_signs_under_both_secrets_then_under_the_new_one_only()
    {
        var receiver = AddReceiver();
        var acme = await AddTenantAsync();
        var endpoint = await acme.AddEndpointAsync(receiver.Url);

        var before = await DeliverAsync(acme, receiver);
        var rotated = await acme.PostAsync(
            endpoint.Path + "/rotate-secret",
            """{"overlap_seconds":60}"""
        );
        var next = rotated.Expect(200)["secret"];
        var during = await DeliverAsync(acme, receiver);
        Clock.Advance(TimeSpan.FromSeconds(61));
        var after = await DeliverAsync(acme, receiver);

        await AcceptedByAllAsync(before, endpoint.Secret);
        await RefusedByAllAsync(before, next);
        await AcceptedByAllAsync(during, endpoint.Secret);
        await AcceptedByAllAsync(during, next);
        await RefusedByAllAsync(after, endpoint.Secret);
        await AcceptedByAllAsync(after, next);
        Assert.Equal([1, 2, 1], new[] { before, during, after }.Select(StripeSignatures));
        Assert.Equal([1, 2, 1], new[] { before, during, after }.Select(StandardSignatures));
    }

    [Fact]
    public async Task A_rotation_without_overlap_ends_the_old_secret_at_once()
    {
        var receiver = AddReceiver();
        var acme = await AddTenantAsync();
        var endpoint = await acme.AddEndpointAsync(receiver.Url);

        var rotated = await acme.PostAsync(
            endpoint.Path + "/rotate-secret",
            """{"overlap_seconds":0}"""
        );
        var delivery = await DeliverAsync(acme, receiver);

        await RefusedByAllAsync(delivery, endpoint.Secret);
        await AcceptedByAllAsync(delivery, rotated.Expect(200)["secret"]);
    }

    [Fact]
    public async Task A_brought_Stripe_style_secret_verifies_with_stripe_and_signs_no_other_way()
    {
        const string Legacy = "my-own-legacy-secret-123";
        var receiver = AddReceiver();
        var acme = await AddTenantAsync();
        var endpoint = await acme.AddEndpointAsync(receiver.Url, $"\"secret\":\"{Legacy}\"");

        var delivery = await DeliverAsync(acme, receiver);

        Assert.Null(await VerifyAsync("stripe", Legacy, delivery));
        Assert.NotNull(await VerifyAsync("stripe", Legacy + "4", delivery));
        Assert.Null(delivery["webhook-signature"]);
        Assert.Equal(
            """["stripe"]""",
            (await acme.GetAsync(endpoint.Path)).Json.GetProperty("signatures").GetRawText()
        );
    }

    [Fact]
    public async Task A_brought_standard_secret_is_accepted_by_every_library()
    {
        var receiver = AddReceiver();
        var acme = await AddTenantAsync();
        await acme.AddEndpointAsync(receiver.Url, $"\"secret\":\"{SecretOf('k')}\"");

        await AcceptedByAllAsync(await DeliverAsync(acme, receiver), SecretOf('k'));
    }

    [Fact]
    public async Task A_retry_is_signed_afresh_under_the_same_id()
    {
        var receiver = AddReceiver(500, 200);
        var acme = await AddTenantAsync();
        var endpoint = await acme.AddEndpointAsync(receiver.Url);

        var id = await acme.PostEventAsync(Payload);
        AdvanceTo((await acme.WaitForAsync(id, "FAILED")).NextAttemptAt);
        await acme.WaitForAsync(id, "DELIVERED");

        Assert.Equal([id, id], receiver.Requests.Select(request => request["webhook-id"]));
        Assert.Equal(
            2,
            receiver.Requests.Select(each => each["webhook-timestamp"]).Distinct().Count()
        );
        Assert.Equal(
            2,
            receiver.Requests.Select(each => each["Stripe-Signature"]).Distinct().Count()
        );
        Assert.Equal(
            2,
            receiver.Requests.Select(each => each["webhook-signature"]).Distinct().Count()
        );
        foreach (var request in receiver.Requests)
        {
            await AcceptedByAllAsync(request, endpoint.Secret);
        }
    }

    private static string SecretOf(char letter) =>
        "whsec_" + Convert.ToBase64String(Encoding.ASCII.GetBytes(new string(letter, 32)));

    private static int StripeSignatures(WireRequest request) =>
        request["Stripe-Signature"]!
            .Split(',')
            .Count(part => part.StartsWith("v1=", StringComparison.Ordinal));

    private static int StandardSignatures(WireRequest request) =>
        request["webhook-signature"]!
            .Split(' ')
            .Count(part => part.StartsWith("v1,", StringComparison.Ordinal));

    private static async Task<WireRequest> DeliverAsync(TenantUser tenant, WireReceiver receiver)
    {
        await tenant.WaitForAsync(await tenant.PostEventAsync(Payload), "DELIVERED");
        return receiver.Requests[^1];
    }

    private Task<string?> VerifyAsync(string library, string secret, WireRequest request) =>
        _libraries.VerifyAsync(library, secret, request.Headers, request.Body);

    private async Task AcceptedByAllAsync(WireRequest request, string secret)
    {
        foreach (var library in NpmVerifier.Libraries)
        {
            var fault = await VerifyAsync(library, secret, request);
            Assert.True(fault is null, $"{library} refused: {fault}");
        }
    }

    private async Task RefusedByAllAsync(WireRequest request, string secret)
    {
        foreach (var library in NpmVerifier.Libraries)
        {
            var fault = await VerifyAsync(library, secret, request);
            Assert.True(
                fault?.Contains("signature", StringComparison.OrdinalIgnoreCase) == true,
                $"{library} did not refuse the signature: {fault ?? "accepted"}"
            );
        }
    }
}
