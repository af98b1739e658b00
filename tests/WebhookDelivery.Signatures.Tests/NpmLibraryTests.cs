using WebhookDelivery.Testing;

namespace WebhookDelivery.Signatures.Tests;

/// <summary>What receivers really use accepts what we sign. The libraries read the real clock.</summary>
public sealed class NpmLibraryTests : IAsyncLifetime
{
    private NpmVerifier _npm = null!;

    public static TheoryData<string> Libraries => [.. NpmVerifier.Libraries];

    public ValueTask InitializeAsync()
    {
        _npm = NpmVerifier.Start();
        return ValueTask.CompletedTask;
    }

    public ValueTask DisposeAsync() => _npm.DisposeAsync();

    [Theory]
    [MemberData(nameof(Libraries))]
    public async Task Library_OurDelivery_Accepts(string library)
    {
        var secret = SigningSecret.Generate();
        var body = """{"type":"order.paid","name":"Zoë ✓","n":1.10}"""u8.ToArray();

        Assert.Null(await _npm.VerifyAsync(library, secret.Value, Sign(body, secret), body));
    }

    [Theory]
    [MemberData(nameof(Libraries))]
    public async Task Library_OneByteTampered_Refuses(string library)
    {
        var secret = SigningSecret.Generate();
        var body = """{"amount":100}"""u8.ToArray();
        var headers = Sign(body, secret);
        body[10] = (byte)'9';

        Assert.NotNull(await _npm.VerifyAsync(library, secret.Value, headers, body));
    }

    [Theory]
    [MemberData(nameof(Libraries))]
    public async Task Library_WhileASecretIsRotated_AcceptsWithEither(string library)
    {
        var current = SigningSecret.Generate();
        var previous = SigningSecret.Generate();
        var headers = Sign(Sample.Body, current, previous);

        Assert.Null(await _npm.VerifyAsync(library, current.Value, headers, Sample.Body));
        Assert.Null(await _npm.VerifyAsync(library, previous.Value, headers, Sample.Body));
        Assert.NotNull(
            await _npm.VerifyAsync(library, SigningSecret.Generate().Value, headers, Sample.Body)
        );
    }

    [Fact]
    public async Task Stripe_SecretOfTheTenantsOwn_Accepts()
    {
        var headers = Sign(Sample.Body, Sample.StripeOnly);

        Assert.Null(
            await _npm.VerifyAsync("stripe", Sample.StripeOnly.Value, headers, Sample.Body)
        );
    }

    private static Dictionary<string, string> Sign(byte[] body, params SigningSecret[] secrets)
    {
        var signed = WebhookSigner.Sign(secrets, Sample.Id, DateTimeOffset.UtcNow, body);
        var headers = new Dictionary<string, string>
        {
            ["Stripe-Signature"] = signed.StripeSignature,
            ["webhook-id"] = signed.WebhookId,
            ["webhook-timestamp"] = signed.WebhookTimestamp,
        };
        if (signed.WebhookSignature is not null)
        {
            headers["webhook-signature"] = signed.WebhookSignature;
        }

        return headers;
    }
}
