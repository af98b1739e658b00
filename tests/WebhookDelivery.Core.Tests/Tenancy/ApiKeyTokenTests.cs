namespace WebhookDelivery.Core.Tests;

public sealed class ApiKeyTokenTests
{
    private const string Alphabet = "0123456789abcdefghjkmnpqrstvwxyz";

    [Theory]
    [InlineData(ApiKeyRole.Tenant, "whk_")]
    [InlineData(ApiKeyRole.Operator, "wha_")]
    public void Create_EachRole_MakesAKeyThatReadsBack(ApiKeyRole role, string prefix)
    {
        for (var i = 0; i < 200; i++)
        {
            var (text, key) = Create(role);

            Assert.StartsWith(prefix, text, StringComparison.Ordinal);
            Assert.Equal(79, text.Length);
            Assert.True(ApiKeyToken.TryReadId(text, out var id, out var readRole));
            Assert.Equal(key.Id, id);
            Assert.Equal(role, readRole);
            Assert.True(ApiKeyToken.Matches(text, key));
            Assert.False(ApiKeyToken.Matches(text, Create(role).Key));
        }
    }

    [Fact]
    public void Create_StoredKey_HoldsNothingOfTheSecret()
    {
        var (text, key) = Create(ApiKeyRole.Tenant);
        Assert.Equal(32, key.Hash.Length);
        Assert.DoesNotContain(text[21..], key.ToString(), StringComparison.Ordinal);
        Assert.Equal(16, key.Id.Length);
    }

    [Fact]
    public void TryReadId_AnySingleCharacterChanged_IsRefused()
    {
        // 79 places × 31 other characters × 20 keys, each with a chance of 2^-30 to slip through.
        var changes = 0;
        for (var i = 0; i < 20; i++)
        {
            var text = Create(i % 2 == 0 ? ApiKeyRole.Tenant : ApiKeyRole.Operator).Text;
            for (var place = 0; place < text.Length; place++)
            {
                foreach (var other in (Alphabet + "_OIL?é").Where(each => each != text[place]))
                {
                    var changed = text[..place] + other + text[(place + 1)..];
                    Assert.False(ApiKeyToken.TryReadId(changed, out _, out _), $"place {place}");
                    changes++;
                }
            }
        }

        Assert.InRange(changes, 49_000, 60_000);
    }

    [Fact]
    public void TryReadId_TwoNeighboursSwapped_IsRefused()
    {
        var text = Create(ApiKeyRole.Tenant).Text;
        for (var place = 0; place + 1 < text.Length; place++)
        {
            if (text[place] != text[place + 1])
            {
                var swapped = text[..place] + text[place + 1] + text[place] + text[(place + 2)..];
                Assert.False(ApiKeyToken.TryReadId(swapped, out _, out _), $"place {place}");
            }
        }
    }

    [Fact]
    public void TryReadId_OtherForm_IsRefused()
    {
        var text = Create(ApiKeyRole.Tenant).Text;
        string?[] hostile =
        [
            null,
            "",
            "whk_",
            text[1..],
            text + "0",
            text[..^1],
            " " + text[1..],
            text.ToUpperInvariant(),
            new string('_', 79),
            new string('\ud800', 79),
            new string('0', 1_000_000),
        ];
        foreach (var each in hostile)
        {
            Assert.False(ApiKeyToken.TryReadId(each, out var id, out _));
            Assert.Null(id);
        }
    }

    [Theory]
    [InlineData("whk_", 'é')]
    [InlineData("wha_", 'U')]
    [InlineData("wha_", '#')]
    [InlineData("wha_", '_')]
    [InlineData("whk_", '\0')]
    public void TryReadId_CharacterOutsideTheAlphabetUnderARightChecksum_IsRefused(
        string prefix,
        char character
    )
    {
        // The checksum is no secret: anyone can make one, so the form needs a test of its own.
        var inId = $"{prefix}{character}{new string('0', 15)}_{new string('0', 52)}";
        var inSecret = $"{prefix}{new string('0', 16)}_{character}{new string('0', 51)}";
        var good = $"{prefix}{new string('0', 16)}_{new string('0', 52)}";

        Assert.True(ApiKeyToken.TryReadId(good + Checksum(good), out _, out _));
        Assert.False(ApiKeyToken.TryReadId(inId + Checksum(inId), out _, out _));
        Assert.False(ApiKeyToken.TryReadId(inSecret + Checksum(inSecret), out _, out _));
        Assert.Null(ApiKeyToken.ReadOperatorKey(inSecret + Checksum(inSecret), Sample.Now));
    }

    [Fact]
    public void TryReadId_UnknownPrefixUnderARightChecksum_IsRefused()
    {
        var named = $"whx_{new string('0', 16)}_{new string('0', 52)}";
        Assert.False(ApiKeyToken.TryReadId(named + Checksum(named), out _, out _));
    }

    [Fact]
    public void ReadOperatorKey_OperatorKey_MatchesItsText()
    {
        var (text, made) = Create(ApiKeyRole.Operator);
        var read = ApiKeyToken.ReadOperatorKey(text, Sample.Now);

        Assert.NotNull(read);
        Assert.Equal(made.Id, read.Id);
        Assert.Equal(ApiKeyRole.Operator, read.Role);
        Assert.Null(read.TenantId);
        Assert.True(ApiKeyToken.Matches(text, read));
        Assert.Equal(made.Hash.ToArray(), read.Hash.ToArray());
    }

    [Fact]
    public void ReadOperatorKey_AnythingElse_IsNull()
    {
        Assert.Null(ApiKeyToken.ReadOperatorKey(Create(ApiKeyRole.Tenant).Text, Sample.Now));
        Assert.Null(ApiKeyToken.ReadOperatorKey("", Sample.Now));
        Assert.Null(ApiKeyToken.ReadOperatorKey("admin", Sample.Now));
    }

    [Fact]
    public void Matches_TextOfAnotherLength_IsFalse()
    {
        var (text, key) = Create(ApiKeyRole.Tenant);
        Assert.False(ApiKeyToken.Matches("", key));
        Assert.False(ApiKeyToken.Matches(text[..^1], key));
        Assert.False(ApiKeyToken.Matches(text + text, key));
    }

    private static (string Text, ApiKey Key) Create(ApiKeyRole role) =>
        ApiKeyToken.Create(
            role,
            role == ApiKeyRole.Tenant ? Sample.Tenant : null,
            null,
            Sample.Now
        );

    /// <summary>The checksum by its definition: 64-bit FNV-1a, folded, 30 bits, low digit first.</summary>
    private static string Checksum(string text)
    {
        var hash = text.Aggregate(
            14695981039346656037UL,
            (hash, character) => unchecked((hash ^ character) * 1099511628211UL)
        );
        hash ^= hash >> 32;
        return new string([
            .. Enumerable.Range(0, 6).Select(i => Alphabet[(int)((hash >> (5 * i)) & 31)]),
        ]);
    }
}
