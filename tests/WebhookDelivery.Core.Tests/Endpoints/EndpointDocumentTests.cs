using System.Text;

namespace WebhookDelivery.Core.Tests;

public sealed class EndpointDocumentTests
{
    private static readonly Endpoint Whole = Sample.Endpoint(
        Sample.EndpointKey(1),
        new EndpointSecret(new SealedValue(2, new byte[] { 1 }), null),
        new EndpointSecret(new SealedValue(1, new byte[] { 2 }), Sample.Now)
    );

    [Fact]
    public void Read_DocumentOfBeforeSecretsCouldRetire_HasNoneRetired()
    {
        var json = Encoding.UTF8.GetString(EndpointDocument.Write(Whole));
        Assert.DoesNotContain("Retired", json, StringComparison.Ordinal);

        var read = Read(json);

        Assert.All(read.Secrets, secret => Assert.False(secret.Retired));
        Assert.Equal([null, Sample.Now], read.Secrets.Select(secret => secret.ExpiresAt));
    }

    [Fact]
    public void Read_DocumentWithARetiredSecret_GivesItBack()
    {
        var retired = Whole with
        {
            Secrets = [Whole.Secrets[0], Whole.Secrets[1] with { Retired = true }],
        };

        var read = Read(Encoding.UTF8.GetString(EndpointDocument.Write(retired)));

        Assert.Equal([false, true], read.Secrets.Select(secret => secret.Retired));
    }

    private static Endpoint Read(string json) =>
        EndpointDocument.Read(
            Encoding.UTF8.GetBytes(json),
            Whole.Key,
            Whole.Version,
            BacklogAction.None,
            null,
            null
        );
}
