namespace WebhookDelivery.Signatures.Tests;

public sealed class WebhookSignerTests
{
    [Fact]
    public void Sign_SeveralSecrets_GivesOneSignatureEachInOrder()
    {
        var other = SigningSecret.Generate();

        var signed = WebhookSigner.Sign(
            [Sample.Secret, Sample.StripeOnly, other],
            Sample.Id,
            Sample.Now,
            Sample.Body
        );

        var first = Sample.Sign(Sample.Secret);
        var last = Sample.Sign(other);
        var middle = Sample.Sign(Sample.StripeOnly);
        Assert.Equal(
            $"{first.StripeSignature},{V1(middle.StripeSignature!)},{V1(last.StripeSignature!)}",
            signed.StripeSignature
        );
        Assert.Equal($"{first.WebhookSignature} {last.WebhookSignature}", signed.WebhookSignature);
    }

    [Fact]
    public void Sign_StripeOnlySecrets_GivesNoWebhookSignature()
    {
        var signed = Sample.Sign(Sample.StripeOnly);

        Assert.Null(signed.WebhookSignature);
        Assert.Equal(Sample.Id, signed.WebhookId);
    }

    [Fact]
    public void Sign_FractionOfASecond_IsCutOff()
    {
        var signed = WebhookSigner.Sign(
            [Sample.Secret],
            Sample.Id,
            Sample.Now.AddMilliseconds(999),
            Sample.Body
        );

        Assert.Equal($"{Sample.Now.ToUnixTimeSeconds()}", signed.WebhookTimestamp);
    }

    [Theory]
    [InlineData("")]
    [InlineData("evt.1")]
    [InlineData("evt 1")]
    [InlineData("evt\r\n1")]
    [InlineData("\u00e9vt_1")]
    public void Sign_ImpossibleId_Throws(string id) =>
        Assert.Throws<ArgumentException>(() =>
            WebhookSigner.Sign([Sample.Secret], id, Sample.Now, Sample.Body)
        );

    [Fact]
    public void Sign_WithoutSecretsOrBefore1970_Throws()
    {
        Assert.Throws<ArgumentException>(() =>
            WebhookSigner.Sign([], Sample.Id, Sample.Now, Sample.Body)
        );
        Assert.Throws<ArgumentOutOfRangeException>(() =>
            WebhookSigner.Sign(
                [Sample.Secret],
                Sample.Id,
                DateTimeOffset.UnixEpoch.AddSeconds(-1),
                Sample.Body
            )
        );
    }

    [Fact]
    public async Task Sign_ManyThreadsOneSecret_NeverMixesMessages()
    {
        var bodies = Enumerable.Range(0, 64).Select(i => new byte[i * 37]).ToArray();
        var alone = bodies.Select(SignBody).ToArray();

        var rounds = Enumerable
            .Range(0, 8)
            .Select(_ =>
                Task.Run(() =>
                    Enumerable.Range(0, 50).Select(_ => bodies.Select(SignBody).ToArray()).ToArray()
                )
            );

        foreach (var round in await Task.WhenAll(rounds))
        {
            Assert.All(round, signatures => Assert.Equal(alone, signatures));
        }

        static SignedHeaders SignBody(byte[] body) =>
            WebhookSigner.Sign([Sample.Secret], Sample.Id, Sample.Now, body);
    }

    [Fact]
    public void Sign_LargeBody_AllocatesTheHeadersOnly()
    {
        var body = new byte[1 << 20];
        WebhookSigner.Sign([Sample.Secret], Sample.Id, Sample.Now, body);

        var before = GC.GetAllocatedBytesForCurrentThread();
        WebhookSigner.Sign([Sample.Secret], Sample.Id, Sample.Now, body);
        var allocated = GC.GetAllocatedBytesForCurrentThread() - before;

        // Three strings and a record take some 400 bytes; a new hash state may join them when the
        // thread has moved to another processor. A copy of the body would be 1,048,576.
        Assert.InRange(allocated, 1, 4096);
    }

    private static string V1(string stripeSignature) => stripeSignature.Split(',')[1];
}
