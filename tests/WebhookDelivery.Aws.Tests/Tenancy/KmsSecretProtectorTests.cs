using System.Security.Cryptography;
using Amazon.KeyManagementService;
using WebhookDelivery.Core;
using WebhookDelivery.Testing;

namespace WebhookDelivery.Aws.Tests;

public sealed class KmsSecretProtectorTests : IAsyncLifetime
{
    private const string Where = "acme\nep_1\nsecret\n1";
    private static readonly CancellationToken None = CancellationToken.None;
    private static readonly TenantId Acme = TenantId.Parse("acme");
    private static readonly TenantId Other = TenantId.Parse("other");
    private static readonly byte[] Secret = "whsec_c2VjcmV0"u8.ToArray();
    private readonly ManualTimeProvider _time = new();
    private KmsDouble _kms = null!;
    private AmazonKeyManagementServiceClient _client = null!;

    public async ValueTask InitializeAsync()
    {
        _kms = await KmsDouble.StartAsync();
        _client = _kms.CreateClient();
    }

    public async ValueTask DisposeAsync()
    {
        _client.Dispose();
        await _kms.DisposeAsync();
    }

    [Fact]
    public async Task Unprotect_WhatWasProtected_IsThePlaintext()
    {
        using var protector = NewProtector();
        var key = await NewKeyAsync(protector);

        var first = await protector.ProtectAsync(key, Secret, Where, None);
        var second = await protector.ProtectAsync(key, Secret, Where, None);

        Assert.NotEqual(first.ToArray(), second.ToArray());
        Assert.Equal(-1, first.Span.IndexOf(Secret));
        var opened = await protector.UnprotectAsync(key, first, Where, None);
        Assert.Equal(Secret, opened.ToArray());
    }

    [Fact]
    public async Task Unprotect_InAnotherProcess_IsThePlaintext()
    {
        using var protector = NewProtector();
        var key = await NewKeyAsync(protector);
        var box = await protector.ProtectAsync(key, Secret, Where, None);

        using var other = NewProtector();
        Assert.Equal(Secret, (await other.UnprotectAsync(key, box, Where, None)).ToArray());
    }

    [Fact]
    public async Task Unprotect_UnderOtherAssociatedDataOrChanged_IsRefused()
    {
        using var protector = NewProtector();
        var key = await NewKeyAsync(protector);
        var box = (await protector.ProtectAsync(key, Secret, Where, None)).ToArray();

        await RefusedAsync(protector, key, box, "acme\nep_2\nsecret\n1");
        box[^1] ^= 1;
        await RefusedAsync(protector, key, box, Where);
    }

    [Fact]
    public async Task Unprotect_WithAKeyWrappedForAnotherTenant_IsRefused()
    {
        using var protector = NewProtector();
        var key = await NewKeyAsync(protector);
        var box = await protector.ProtectAsync(key, Secret, Where, None);

        await RefusedAsync(protector, key with { TenantId = Other }, box, Where);
        await RefusedAsync(protector, await NewKeyAsync(protector), box, Where);
    }

    [Fact]
    public async Task Unprotect_WithAKeyWrappedUnderAnotherKmsKey_IsRefused()
    {
        using var protector = NewProtector();
        var key = await NewKeyAsync(protector);
        var box = await protector.ProtectAsync(key, Secret, Where, None);

        _kms.SetState("Enabled", "another");
        using var moved = NewProtector(options => options with { KeyId = "another" });
        await RefusedAsync(moved, key, box, Where);
    }

    [Fact]
    public async Task Protect_Often_UnwrapsTheKeyOnceInTenMinutes()
    {
        using var protector = NewProtector();
        var key = await NewKeyAsync(protector);

        for (var minute = 0; minute < 10; minute++)
        {
            var box = await protector.ProtectAsync(key, Secret, Where, None);
            await protector.UnprotectAsync(key, box, Where, None);
            _time.Advance(TimeSpan.FromMinutes(1));
        }

        Assert.Equal(1, _kms.CallsOf("Decrypt"));
        await protector.ProtectAsync(key, Secret, Where, None);
        Assert.Equal(2, _kms.CallsOf("Decrypt"));
    }

    [Fact]
    public async Task Protect_WithMoreKeysThanAreKept_DropsTheOldest()
    {
        using var protector = NewProtector(options => options with { KeysMax = 2 });
        var keys = new List<TenantDataKey>();
        for (var i = 0; i < 3; i++)
        {
            keys.Add(await NewKeyAsync(protector));
            await protector.ProtectAsync(keys[i], Secret, Where, None);
        }

        Assert.Equal(3, _kms.CallsOf("Decrypt"));
        await protector.ProtectAsync(keys[1], Secret, Where, None);
        await protector.ProtectAsync(keys[2], Secret, Where, None);
        Assert.Equal(3, _kms.CallsOf("Decrypt"));
        await protector.ProtectAsync(keys[0], Secret, Where, None);
        Assert.Equal(4, _kms.CallsOf("Decrypt"));
    }

    [Fact]
    public async Task Protect_ManyAtOnce_UnwrapsTheKeyOnce()
    {
        using var protector = NewProtector();
        var key = await NewKeyAsync(protector);
        var gate = new TaskCompletionSource();
        _kms.Gate = gate.Task;

        var protecting = Enumerable
            .Range(0, 16)
            .Select(_ => protector.ProtectAsync(key, Secret, Where, None).AsTask())
            .ToList();
        gate.SetResult();

        await Task.WhenAll(protecting);
        Assert.Equal(1, _kms.CallsOf("Decrypt"));
    }

    [Fact]
    public async Task Protect_GivenUpByTheFirstWhoAsked_SucceedsForTheOther()
    {
        using var protector = NewProtector();
        var key = await NewKeyAsync(protector);
        var gate = new TaskCompletionSource();
        _kms.Gate = gate.Task;
        using var impatience = new CancellationTokenSource();

        var first = protector.ProtectAsync(key, Secret, Where, impatience.Token).AsTask();
        var second = protector.ProtectAsync(key, Secret, Where, None).AsTask();
        await impatience.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => first);
        gate.SetResult();

        await second;
        Assert.Equal(1, _kms.CallsOf("Decrypt"));
    }

    [Theory]
    [InlineData("Disabled")]
    [InlineData("PendingDeletion")]
    [InlineData(null)]
    public async Task Protect_WhileTheKmsKeyCannotBeUsed_WaitsForAnOperator(string? state)
    {
        using var protector = NewProtector();
        var key = await NewKeyAsync(protector);
        _kms.SetState(state);

        await Assert.ThrowsAsync<StoreUnavailableException>(async () =>
            await protector.ProtectAsync(key, Secret, Where, None)
        );
        await Assert.ThrowsAsync<StoreUnavailableException>(async () =>
            await protector.CreateDataKeyAsync(Acme, None)
        );

        _kms.SetState("Enabled");
        await protector.ProtectAsync(key, Secret, Where, None);
    }

    [Fact]
    public async Task Unprotect_AfterTheKmsKeyIsGone_EndsWithTheCache()
    {
        using var protector = NewProtector();
        var key = await NewKeyAsync(protector);
        var box = await protector.ProtectAsync(key, Secret, Where, None);
        _kms.SetState(null);

        await protector.UnprotectAsync(key, box, Where, None);
        _time.Advance(TimeSpan.FromMinutes(10));
        await Assert.ThrowsAsync<StoreUnavailableException>(async () =>
            await protector.UnprotectAsync(key, box, Where, None)
        );
    }

    [Theory]
    [InlineData("ThrottlingException", 400)]
    [InlineData("KMSInternalException", 500)]
    [InlineData("DependencyTimeoutException", 503)]
    [InlineData("AccessDeniedException", 400)]
    public async Task Unprotect_WhileKmsRefuses_SaysThatItIsUnavailableAndTriesAgain(
        string code,
        int status
    )
    {
        await using var proxy = await FaultProxy.StartAsync(_kms.Url);
        using var client = _kms.CreateClient(proxy.Url);
        using var protector = new KmsSecretProtector(client, Options, _time);
        var key = await NewKeyAsync(protector);
        var refusal = proxy.On("Decrypt", AwsFault.Refuse(code, status));
        await Assert.ThrowsAsync<StoreUnavailableException>(async () =>
            await protector.ProtectAsync(key, Secret, Where, None)
        );

        refusal.Dispose();
        await protector.ProtectAsync(key, Secret, Where, None);
    }

    [Fact]
    public async Task CreateDataKey_ForATenant_NeverSeesItInClear()
    {
        using var protector = NewProtector();
        await protector.CreateDataKeyAsync(Acme, None);
        Assert.Equal(1, _kms.CallsOf("GenerateDataKeyWithoutPlaintext"));
        Assert.Equal(0, _kms.CallsOf("Decrypt"));
    }

    [Fact]
    public void Erase_OfAPlainKey_OverwritesItAndEndsItsUse()
    {
        var bytes = RandomNumberGenerator.GetBytes(SealedBox.KeyBytes);
        var plain = new PlainDataKey(bytes);
        Assert.True(plain.TrySeal(Secret, Where, out var box));

        plain.Erase();

        Assert.All(bytes, each => Assert.Equal(0, each));
        Assert.False(plain.TrySeal(Secret, Where, out _));
        Assert.False(plain.TryOpen(box, Where, out _));
    }

    [Fact]
    public async Task Dispose_ThenProtect_UnwrapsAnew()
    {
        var protector = NewProtector();
        var key = await NewKeyAsync(protector);
        await protector.ProtectAsync(key, Secret, Where, None);
        protector.Dispose();
        await protector.ProtectAsync(key, Secret, Where, None);
        Assert.Equal(2, _kms.CallsOf("Decrypt"));
        protector.Dispose();
    }

    private static KmsSecretProtectorOptions Options => new() { KeyId = KmsDouble.KeyId };

    private KmsSecretProtector NewProtector(
        Func<KmsSecretProtectorOptions, KmsSecretProtectorOptions>? configure = null
    ) => new(_client, configure?.Invoke(Options) ?? Options, _time);

    private static async Task<TenantDataKey> NewKeyAsync(KmsSecretProtector protector) =>
        new(Acme, await protector.CreateDataKeyAsync(Acme, None));

    private static async Task RefusedAsync(
        KmsSecretProtector protector,
        TenantDataKey key,
        ReadOnlyMemory<byte> box,
        string associatedData
    ) =>
        await Assert.ThrowsAnyAsync<CryptographicException>(async () =>
            await protector.UnprotectAsync(key, box, associatedData, None)
        );
}
