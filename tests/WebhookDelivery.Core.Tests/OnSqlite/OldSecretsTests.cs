using System.Text;
using WebhookDelivery.Signatures;

namespace WebhookDelivery.Core.Tests;

/// <summary>What an endpoint keeps of its old secrets, and that they sign nothing.</summary>
public sealed class OldSecretsTests : IAsyncDisposable
{
    private readonly CoreOnSqlite _core = new();

    public ValueTask DisposeAsync() => _core.DisposeAsync();

    [Fact]
    public async Task Rotate_WithoutOverlap_KeepsTheOldOneRetiredAndSignsWithTheNewOnly()
    {
        var endpoint = await _core.AddTenantAsync();

        var rotated = await RotateAsync(endpoint.Key, TimeSpan.Zero);
        await _core.PostAsync();
        await _core.RunNextAsync();

        Assert.Equal([false, true], rotated.Endpoint.Secrets.Select(secret => secret.Retired));
        var signed = Header("Stripe-Signature");
        Assert.Single(signed.Split("v1=")[1..]);
        Assert.IsType<VerificationResult.Verified>(Verify(rotated.Secret));
    }

    [Fact]
    public async Task Rotate_WithTheClockSetBack_DoesNotBringTheOldOneBack()
    {
        var endpoint = await _core.AddTenantAsync();
        await RotateAsync(endpoint.Key, TimeSpan.Zero);

        _core.Time.SetUtcNow(_core.Time.GetUtcNow().AddHours(-1));
        await _core.PostAsync();
        await _core.RunNextAsync();

        Assert.Single(Header("Stripe-Signature").Split("v1=")[1..]);
    }

    [Fact]
    public async Task Rotate_ManyTimes_KeepsThreeExpiredAndCountsThemAsNoneOfTheLive()
    {
        var endpoint = await _core.AddTenantAsync();
        EndpointResult.Done rotated = null!;
        for (var i = 0; i < 12; i++)
        {
            rotated = await RotateAsync(endpoint.Key, TimeSpan.Zero);
            _core.Time.Advance(TimeSpan.FromMinutes(1));
        }

        Assert.Equal([13, 12, 11, 10], rotated.Endpoint.Secrets.Select(each => each.Value.Version));
        for (var i = 0; i < 4; i++)
        {
            rotated = await RotateAsync(endpoint.Key, TimeSpan.FromHours(1));
        }

        Assert.Equal(5 + 3, rotated.Endpoint.Secrets.Count);
        Assert.Equal(3, rotated.Endpoint.Secrets.Count(each => each.Retired));
        Assert.IsType<EndpointResult.TooManySecrets>(
            await _core.Endpoints.RotateSecretAsync(
                endpoint.Key,
                null,
                TimeSpan.FromHours(1),
                forgetOld: false,
                CoreOnSqlite.Cancellation
            )
        );
    }

    [Fact]
    public async Task Update_ThirtyDaysAfterASecretExpired_DropsIt()
    {
        var endpoint = await _core.AddTenantAsync();
        await RotateAsync(endpoint.Key, TimeSpan.FromHours(1));

        _core.Time.Advance(TimeSpan.FromHours(1) + TimeSpan.FromDays(30) - TimeSpan.FromSeconds(1));
        Assert.Equal([false, true], (await TouchAsync(endpoint.Key)).Select(each => each.Retired));
        _core.Time.Advance(TimeSpan.FromSeconds(1));
        Assert.Single(await TouchAsync(endpoint.Key));
    }

    [Fact]
    public async Task Forget_DropsEveryOldSecret_AlsoThoseThatStillSign()
    {
        var endpoint = await _core.AddTenantAsync();
        await RotateAsync(endpoint.Key, TimeSpan.Zero);
        var rotated = await RotateAsync(endpoint.Key, TimeSpan.FromHours(1));
        Assert.Equal(3, rotated.Endpoint.Secrets.Count);

        var forgot = await _core.Endpoints.ForgetOldSecretsAsync(
            endpoint.Key,
            CoreOnSqlite.Cancellation
        );

        var done = Assert.IsType<EndpointResult.Done>(forgot);
        Assert.Single(done.Endpoint.Secrets);
        Assert.Equal(rotated.Secret.Value, done.Secret.Value);
        Assert.Equal(
            done.Endpoint.Version,
            Assert
                .IsType<EndpointResult.Done>(
                    await _core.Endpoints.ForgetOldSecretsAsync(
                        endpoint.Key,
                        CoreOnSqlite.Cancellation
                    )
                )
                .Endpoint.Version
        );
    }

    [Fact]
    public async Task Rotate_ForgettingOld_KeepsTheNewOneAlone()
    {
        var endpoint = await _core.AddTenantAsync();
        await RotateAsync(endpoint.Key, TimeSpan.Zero);

        var rotated = await RotateAsync(endpoint.Key, TimeSpan.Zero, forgetOld: true);

        Assert.Equal(3, Assert.Single(rotated.Endpoint.Secrets).Value.Version);
    }

    private async Task<EndpointResult.Done> RotateAsync(
        EndpointKey key,
        TimeSpan overlap,
        bool forgetOld = false
    ) =>
        Assert.IsType<EndpointResult.Done>(
            await _core.Endpoints.RotateSecretAsync(
                key,
                null,
                overlap,
                forgetOld,
                CoreOnSqlite.Cancellation
            )
        );

    private async Task<IReadOnlyList<EndpointSecret>> TouchAsync(EndpointKey key) =>
        Assert
            .IsType<EndpointResult.Done>(
                await _core.Endpoints.UpdateAsync(
                    key,
                    new EndpointPatch { Description = "touched" },
                    CoreOnSqlite.Cancellation
                )
            )
            .Endpoint.Secrets;

    private string Header(string name) =>
        _core.Sender.Requests[^1].Headers.Single(header => header.Key == name).Value;

    private VerificationResult Verify(SigningSecret secret) =>
        StripeSignature.Verify(
            [secret],
            Header("Stripe-Signature"),
            Encoding.UTF8.GetBytes("""{"type":"order.created"}"""),
            _core.Time.GetUtcNow(),
            TimeSpan.MaxValue
        );
}
