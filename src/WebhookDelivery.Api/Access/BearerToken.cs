using Microsoft.Extensions.Primitives;

namespace WebhookDelivery.Api;

/// <summary>Takes the token out of an <c>Authorization: Bearer</c> header (RFC 6750).</summary>
internal static class BearerToken
{
    private const string Scheme = "Bearer ";

    /// <summary>The token; null if the header is absent, repeated or of another scheme.</summary>
    public static string? Read(StringValues authorization) =>
        authorization.Count == 1
        && authorization[0] is { } header
        && header.StartsWith(Scheme, StringComparison.OrdinalIgnoreCase)
            ? header[Scheme.Length..]
            : null;
}
