using WebhookDelivery.Signatures;

namespace WebhookDelivery.Receiver.Tests;

public sealed class VerificationTests
{
    [Fact]
    public async Task Delivery_Genuine_ReachesTheHandlerAsSent()
    {
        await using var app = await ReceiverApp.StartAsync();

        var answer = await app.SendAsync(app.Delivery(id: "evt_7", attempt: 3));

        Assert.Equal(204, answer.Status);
        var webhook = Assert.Single(app.Handled);
        Assert.Equal("evt_7", webhook.Id);
        Assert.True(webhook.IsIdSigned);
        Assert.Equal("order.paid", webhook.EventType);
        Assert.Equal(3, webhook.Attempt);
        Assert.Equal(app.Time.Now, webhook.Timestamp);
        Assert.Equal(Deliveries.Body, System.Text.Encoding.UTF8.GetString(webhook.Payload.Span));
        Assert.Equal(
            SignatureSchemes.Stripe | SignatureSchemes.StandardWebhooks,
            webhook.VerifiedSchemes
        );
        Assert.False(webhook.IsDuplicate);
    }

    [Fact]
    public async Task Delivery_UnsignedHeadersAbsentOrOdd_IsStillHandled()
    {
        await using var app = await ReceiverApp.StartAsync();

        await app.SendAsync(
            app.Delivery().Without("webhook-event-type").With("webhook-attempt", "many")
        );

        var webhook = Assert.Single(app.Handled);
        Assert.Null(webhook.EventType);
        Assert.Null(webhook.Attempt);
    }

    [Fact]
    public async Task Delivery_Refused_SaysWhyAndRunsNoHandler()
    {
        await using var app = await ReceiverApp.StartAsync();
        var other = SigningSecret.Generate().Value;
        var late = Deliveries.Signed(app.Secret, app.Time.Now.AddSeconds(-301));

        await AssertRefused(app.Delivery().WithBody("{}"), 401, "signature_mismatch");
        await AssertRefused(app.Delivery().With("webhook-id", "evt_2"), 401, "signature_mismatch");
        await AssertRefused(Deliveries.Signed(other, app.Time.Now), 401, "signature_mismatch");
        await AssertRefused(app.Delivery().Without("webhook-signature"), 401, "signature_missing");
        await AssertRefused(late, 401, "timestamp_out_of_tolerance");
        await AssertRefused(app.Delivery().Without("webhook-id"), 400, "header_missing");
        await AssertRefused(app.Delivery().Without("webhook-timestamp"), 400, "header_missing");
        await AssertRefused(app.Delivery().With("webhook-id", "a b"), 400, "header_malformed");
        await AssertRefused(app.Delivery().With("Stripe-Signature", "?"), 400, "header_malformed");
        await AssertRefused(
            app.Delivery().With("webhook-timestamp", "now"),
            400,
            "header_malformed"
        );
        Assert.Empty(app.Handled);

        async Task AssertRefused(HttpRequestMessage request, int status, string code)
        {
            var answer = await app.SendAsync(request);

            Assert.Equal((status, code), (answer.Status, answer.Code));
            Assert.Equal(status == 401, answer.Response.Headers.WwwAuthenticate.Count > 0);
            Assert.DoesNotContain(app.Secret, answer.Body, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task Delivery_RefusedAndHandled_SecretAndPayloadStayOutOfTheLog()
    {
        await using var app = await ReceiverApp.StartAsync();

        await app.SendAsync(app.Delivery());
        await app.SendAsync(app.Delivery(body: """{"card":"4242"}""").With("webhook-id", "evt_2"));

        Assert.Contains(app.Log.Lines, line => line.Contains("signature_mismatch"));
        Assert.DoesNotContain(app.Log.Lines, line => line.Contains(app.Secret));
        Assert.DoesNotContain(app.Log.Lines, line => line.Contains("4242"));
    }

    [Fact]
    public async Task Delivery_SignedWithEitherSecretOfARotation_IsAccepted()
    {
        var previous = SigningSecret.Generate().Value;
        await using var app = await ReceiverApp.StartAsync(configure: options =>
            options.Secrets.Add(previous)
        );

        Assert.Equal(204, (await app.SendAsync(app.Delivery("evt_1"))).Status);
        Assert.Equal(
            204,
            (await app.SendAsync(Deliveries.Signed(previous, app.Time.Now, "evt_2"))).Status
        );
    }

    [Fact]
    public async Task Delivery_StripeOnlySecret_IsAcceptedWithAnUnsignedId()
    {
        await using var app = await ReceiverApp.StartAsync(secret: "an old secret, kept");

        Assert.Equal(204, (await app.SendAsync(app.Delivery())).Status);
        Assert.Equal(401, (await app.SendAsync(app.Delivery().WithBody("{}"))).Status);

        var webhook = Assert.Single(app.Handled);
        Assert.Equal(SignatureSchemes.Stripe, webhook.VerifiedSchemes);
        Assert.False(webhook.IsIdSigned);
    }

    [Theory]
    [InlineData(1024, 204)]
    [InlineData(1025, 413)]
    public async Task Delivery_PayloadSize_IsBoundedInclusively(int bytes, int status)
    {
        await using var app = await ReceiverApp.StartAsync(configure: options =>
            options.PayloadBytesMax = 1024
        );
        var body = new string('x', bytes);
        var chunked = app.Delivery("evt_2", body);
        chunked.Headers.TransferEncodingChunked = true;

        var answers = new[]
        {
            await app.SendAsync(app.Delivery("evt_1", body)),
            await app.SendAsync(chunked),
        };

        Assert.All(answers, answer => Assert.Equal(status, answer.Status));
        Assert.Equal(status == 204 ? 2 : 0, app.Handled.Count);
    }

    [Fact]
    public async Task Delivery_FourMebibytes_IsAcceptedByDefault()
    {
        await using var app = await ReceiverApp.StartAsync();

        var answer = await app.SendAsync(app.Delivery(body: new string('x', 4 << 20)));

        Assert.Equal(204, answer.Status);
        Assert.Equal(4 << 20, Assert.Single(app.Handled).Payload.Length);
    }
}
