using System.Buffers;
using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;
using System.Text;

namespace WebhookDelivery.Core;

/// <summary>
/// The text of an API key: <c>whk_</c> (tenant) or <c>wha_</c> (operator), 16 characters of key id,
/// <c>_</c>, 52 characters of secret (256 random bits) and 6 of checksum, in Crockford base32. The
/// checksum lets a mistyped or invented key be refused without reading the store.
/// </summary>
public static class ApiKeyToken
{
    /// <summary>What a tenant's key begins with.</summary>
    public const string TenantPrefix = "whk_";

    /// <summary>What an operator's key begins with.</summary>
    public const string OperatorPrefix = "wha_";

    private const int PrefixLength = 4;
    private const int IdLength = 16;
    private const int SecretLength = 52;
    private const int ChecksumLength = 6;
    private const int ChecksumStart = PrefixLength + IdLength + 1 + SecretLength;
    private const int Length = ChecksumStart + ChecksumLength;
    private const string Alphabet = "0123456789abcdefghjkmnpqrstvwxyz";
    private static readonly SearchValues<char> Digits = SearchValues.Create(Alphabet);

    /// <summary>Makes a new key: its text, to be shown once, and what to store.</summary>
    /// <param name="role">What it may do.</param>
    /// <param name="tenant">Whose it is; null for an operator's.</param>
    /// <param name="description">What it is for; null if not said.</param>
    /// <param name="now">The time of its making.</param>
    public static (string Text, ApiKey Key) Create(
        ApiKeyRole role,
        TenantId? tenant,
        string? description,
        DateTimeOffset now
    )
    {
        var prefix = role == ApiKeyRole.Operator ? OperatorPrefix : TenantPrefix;
        var id = RandomNumberGenerator.GetString(Alphabet, IdLength);
        var secret = RandomNumberGenerator.GetString(Alphabet, SecretLength);
        var named = $"{prefix}{id}_{secret}";
        var text = named + Checksum(named);
        var key = new ApiKey
        {
            Id = id,
            Role = role,
            TenantId = tenant,
            Hash = Hash(text),
            Description = description,
            CreatedAt = now,
        };
        return (text, key);
    }

    /// <summary>
    /// Reads an operator's key that was configured rather than made here, to be stored.
    /// Null if it is not of the form that <see cref="Create"/> makes.
    /// </summary>
    public static ApiKey? ReadOperatorKey(string text, DateTimeOffset now) =>
        TryReadId(text, out var id, out var role) && role == ApiKeyRole.Operator
            ? new ApiKey
            {
                Id = id,
                Role = role,
                Hash = Hash(text),
                CreatedAt = now,
            }
            : null;

    /// <summary>Takes a key's text apart; false if its form or checksum is wrong. No I/O.</summary>
    public static bool TryReadId(
        [NotNullWhen(true)] string? text,
        [NotNullWhen(true)] out string? id,
        out ApiKeyRole role
    )
    {
        id = null;
        role = default;
        if (
            text is not { Length: Length }
            || text[PrefixLength + IdLength] != '_'
            || text.AsSpan(PrefixLength, IdLength).ContainsAnyExcept(Digits)
            || text.AsSpan(PrefixLength + IdLength + 1).ContainsAnyExcept(Digits)
            || !text.AsSpan(ChecksumStart).SequenceEqual(Checksum(text.AsSpan(0, ChecksumStart)))
        )
        {
            return false;
        }

        if (text.StartsWith(OperatorPrefix, StringComparison.Ordinal))
        {
            role = ApiKeyRole.Operator;
        }
        else if (!text.StartsWith(TenantPrefix, StringComparison.Ordinal))
        {
            return false;
        }

        id = text.Substring(PrefixLength, IdLength);
        return true;
    }

    /// <summary>Whether the text is the key that was stored; in constant time.</summary>
    public static bool Matches(string text, ApiKey key)
    {
        if (text.Length != Length)
        {
            return false;
        }

        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        HashInto(text, hash);
        return CryptographicOperations.FixedTimeEquals(hash, key.Hash.Span);
    }

    private static byte[] Hash(string text)
    {
        var hash = new byte[SHA256.HashSizeInBytes];
        HashInto(text, hash);
        return hash;
    }

    private static void HashInto(string text, Span<byte> hash)
    {
        Span<byte> bytes = stackalloc byte[Length];
        SHA256.HashData(bytes[..Encoding.ASCII.GetBytes(text, bytes)], hash);
    }

    /// <summary>FNV-1a over the characters, folded to 30 bits: against slips, not against attack.</summary>
    private static string Checksum(ReadOnlySpan<char> text)
    {
        var hash = 14695981039346656037UL;
        foreach (var character in text)
        {
            hash = (hash ^ character) * 1099511628211UL;
        }

        hash ^= hash >> 32;
        Span<char> digits = stackalloc char[ChecksumLength];
        foreach (ref var digit in digits)
        {
            digit = Alphabet[(int)(hash & 31)];
            hash >>= 5;
        }

        return new string(digits);
    }
}
