using System.Security.Cryptography;
using System.Text;
using WebhookDelivery.Signatures;

namespace WebhookDelivery.Core.Tests;

public sealed class EndpointVaultTests
{
    private static readonly SigningSecret Secret = Sample.Secret("a secret of the tenant");
    private static readonly EndpointKey Key = Sample.EndpointKey(1);

    private readonly MasterKeySecretProtector _protector = new(RandomNumberGenerator.GetBytes(32));
    private readonly EndpointVault _vault;

    public EndpointVaultTests() => _vault = new EndpointVault(_protector);

    [Fact]
    public void Open_EachBitChanged_Throws()
    {
        var key = RandomNumberGenerator.GetBytes(SealedBox.KeyBytes);
        var box = SealedBox.Seal(key, "text"u8, "context");
        Assert.Equal("text"u8, SealedBox.Open(key, box, "context"));
        for (var bit = 0; bit < box.Length * 8; bit++)
        {
            var changed = box.ToArray();
            changed[bit / 8] ^= (byte)(1 << (bit % 8));
            Assert.ThrowsAny<CryptographicException>(() => SealedBox.Open(key, changed, "context"));
        }

        for (var length = 0; length < box.Length; length++)
        {
            Assert.ThrowsAny<CryptographicException>(() =>
                SealedBox.Open(key, box.AsSpan(0, length), "context")
            );
        }

        Assert.ThrowsAny<CryptographicException>(() => SealedBox.Open(key, box, "context2"));
        Assert.ThrowsAny<CryptographicException>(() =>
            SealedBox.Open(RandomNumberGenerator.GetBytes(32), box, "context")
        );
        Assert.NotEqual(box, SealedBox.Seal(key, "text"u8, "context"));
        Assert.Empty(SealedBox.Open(key, SealedBox.Seal(key, [], ""), ""));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(16)]
    [InlineData(31)]
    [InlineData(33)]
    public void MasterKeySecretProtector_KeyOfAnotherLength_Throws(int length) =>
        Assert.Throws<ArgumentException>(() => new MasterKeySecretProtector(new byte[length]));

    [Fact]
    public async Task UnprotectAsync_WrappedKeyOfAnotherTenantOrMaster_Throws()
    {
        var dataKey = await DataKeyAsync(Sample.Tenant);
        var plain = Encoding.UTF8.GetBytes("plain");
        var hidden = await _protector.ProtectAsync(dataKey, plain, "x", default);
        var opened = await _protector.UnprotectAsync(dataKey, hidden, "x", default);
        Assert.Equal(plain, opened.ToArray());

        var posing = dataKey with { TenantId = Sample.OtherTenant };
        var other = new MasterKeySecretProtector(RandomNumberGenerator.GetBytes(32));
        await RefusesAsync(async () =>
            await _protector.UnprotectAsync(posing, hidden, "x", default)
        );
        await RefusesAsync(async () => await other.UnprotectAsync(dataKey, hidden, "x", default));
    }

    [Fact]
    public async Task OpenAsync_WhatWasSealed_ComesBack()
    {
        var dataKey = await DataKeyAsync(Sample.Tenant);
        var endpoint = await EndpointAsync(dataKey);
        var opened = await _vault.OpenAsync(dataKey, endpoint, default);

        Assert.Equal(Secret.Value, opened.CurrentSecret.Value);
        Assert.Equal([new("X-Team", "blue é")], opened.Headers);
        Assert.DoesNotContain(Secret.Value, opened.ToString(), StringComparison.Ordinal);
        var respelt = endpoint with { Headers = [endpoint.Headers[0] with { Name = "x-TEAM" }] };
        Assert.Single((await _vault.OpenAsync(dataKey, respelt, default)).Headers);
    }

    [Fact]
    public async Task OpenAsync_SealedForAnotherPlace_Throws()
    {
        var dataKey = await DataKeyAsync(Sample.Tenant);
        var endpoint = await EndpointAsync(dataKey);
        var secret = endpoint.Secrets[0].Value;
        var header = endpoint.Headers[0];
        Endpoint[] moved =
        [
            endpoint with
            {
                Key = Sample.EndpointKey(2),
            },
            endpoint with
            {
                Key = new EndpointKey(Sample.OtherTenant, Key.EndpointId),
            },
            endpoint with
            {
                Secrets = [new EndpointSecret(secret with { Version = 2 }, null)],
            },
            endpoint with
            {
                Secrets = [new EndpointSecret(header.Value, null)],
            },
            endpoint with
            {
                Headers = [header with { Value = secret }],
            },
            endpoint with
            {
                Headers = [header with { Name = "X-Other" }],
            },
        ];
        foreach (var each in moved)
        {
            await RefusesAsync(async () => await _vault.OpenAsync(dataKey, each, default));
        }

        var others = await DataKeyAsync(Sample.OtherTenant);
        await RefusesAsync(async () => await _vault.OpenAsync(others, endpoint, default));
    }

    [Fact]
    public void SecretsAt_AsTimePasses_DropsThoseThatExpired()
    {
        var old = Sample.Secret("the older secret of it");
        var oldest = Sample.Secret("the oldest secret of it");
        var opened = new OpenedEndpoint(
            Sample.Endpoint(Key),
            [
                new LiveSecret(Secret, null),
                new LiveSecret(old, Sample.Now.AddHours(2)),
                new LiveSecret(oldest, Sample.Now.AddHours(1)),
            ],
            []
        );

        Assert.Equal([Secret, old, oldest], opened.SecretsAt(Sample.Now.AddHours(1).AddTicks(-1)));
        Assert.Equal([Secret, old], opened.SecretsAt(Sample.Now.AddHours(1)));
        Assert.Equal([Secret], opened.SecretsAt(Sample.Now.AddHours(2)));
        Assert.Equal([Secret], opened.SecretsAt(DateTimeOffset.MaxValue));
    }

    [Fact]
    public void SecretsAt_OfRetiredSecrets_NeverReturnsThemWhateverTheClockSays()
    {
        var old = Sample.Secret("the older secret of it");
        var retired = Sample.Secret("the retired secret of it");
        var opened = new OpenedEndpoint(
            Sample.Endpoint(Key),
            [
                new LiveSecret(Secret, null),
                new LiveSecret(old, Sample.Now.AddHours(1)),
                new LiveSecret(retired, Sample.Now) { Retired = true },
            ],
            []
        );

        Assert.Equal([Secret, old], opened.SecretsAt(Sample.Now.AddDays(-1)));
        Assert.Equal([Secret], opened.SecretsAt(Sample.Now.AddHours(1)));
        Assert.Equal([Secret, old], opened.SecretsAt(Sample.Now));
        Assert.Equal([Secret, old, retired], opened.KeptSecrets.Select(each => each.Secret));
    }

    [Fact]
    public void SecretsAt_WhileNoneExpires_MakesNothingAnew()
    {
        var opened = new OpenedEndpoint(
            Sample.Endpoint(Key),
            [
                new LiveSecret(Secret, null),
                new LiveSecret(Sample.Secret("the older secret of it"), Sample.Now),
                new LiveSecret(Sample.Secret("the oldest secret of it"), Sample.Now)
                {
                    Retired = true,
                },
            ],
            []
        );

        Assert.Same(opened.SecretsAt(Sample.Now), opened.SecretsAt(Sample.Now.AddYears(1)));
    }

    private static Task<CryptographicException> RefusesAsync(Func<Task> open) =>
        Assert.ThrowsAnyAsync<CryptographicException>(open);

    private async Task<TenantDataKey> DataKeyAsync(TenantId tenant) =>
        new(tenant, await _protector.CreateDataKeyAsync(tenant, default));

    private async Task<Endpoint> EndpointAsync(TenantDataKey dataKey) =>
        Sample.Endpoint(
            Key,
            new EndpointSecret(await _vault.SealSecretAsync(dataKey, Key, 1, Secret, default), null)
        ) with
        {
            Headers = [await _vault.SealHeaderAsync(dataKey, Key, 1, "X-Team", "blue é", default)],
        };
}
