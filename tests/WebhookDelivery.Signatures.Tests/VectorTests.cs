using System.Text.Json;

namespace WebhookDelivery.Signatures.Tests;

/// <summary>Signatures computed apart from this code, by Vectors/make_vectors.py.</summary>
public sealed class VectorTests
{
    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web)
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
    };

    private static readonly Vector[] All = Load();

    public static TheoryData<int> Indexes => [.. Enumerable.Range(0, All.Length)];

    [Theory]
    [MemberData(nameof(Indexes))]
    public void Sign_KnownInput_GivesTheVector(int index)
    {
        var vector = All[index];

        var signed = WebhookSigner.Sign([vector.Key], vector.Id, vector.Time, vector.Body);

        Assert.Equal(vector.StripeSignature, signed.StripeSignature);
        Assert.Equal(vector.WebhookSignature, signed.WebhookSignature);
        Assert.Equal(vector.Id, signed.WebhookId);
        Assert.Equal($"{vector.Timestamp}", signed.WebhookTimestamp);
    }

    [Theory]
    [MemberData(nameof(Indexes))]
    public void Verify_TheVector_Accepts(int index)
    {
        var vector = All[index];
        var headers = new SignatureHeaders(
            vector.StripeSignature,
            vector.Id,
            $"{vector.Timestamp}",
            vector.WebhookSignature
        );

        var result = new WebhookVerifier([vector.Key], null, new FixedTime(vector.Time)).Verify(
            headers,
            vector.Body
        );

        var verified = Assert.IsType<VerificationResult.Verified>(result);
        Assert.Equal(vector.Key.Schemes, verified.Schemes);
        Assert.Equal(vector.WebhookSignature is null ? null : vector.Id, verified.SignedWebhookId);
    }

    [Fact]
    public void Vectors_CoverBothKindsOfSecret()
    {
        Assert.Contains(All, v => v.WebhookSignature is null);
        Assert.Contains(All, v => v.WebhookSignature is not null);
    }

    private static Vector[] Load()
    {
        using var stream = typeof(VectorTests).Assembly.GetManifestResourceStream("vectors.json")!;
        return JsonSerializer.Deserialize<Vector[]>(stream, Json)!;
    }

    private sealed record Vector(
        string Secret,
        string Id,
        long Timestamp,
        string BodyBase64,
        string StripeSignature,
        string? WebhookSignature
    )
    {
        public SigningSecret Key => Sample.Parse(Secret);
        public DateTimeOffset Time => DateTimeOffset.FromUnixTimeSeconds(Timestamp);
        public byte[] Body => Convert.FromBase64String(BodyBase64);
    }
}
