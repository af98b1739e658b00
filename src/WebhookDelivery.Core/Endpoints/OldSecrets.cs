namespace WebhookDelivery.Core;

/// <summary>
/// What an endpoint keeps of the secrets before its current one: those that still sign, and the last
/// few that expired, sealed like the others, by which a webhook's signature can be recognised as an old
/// one.
/// </summary>
internal static class OldSecrets
{
    /// <summary>Whether a secret signs at this time; its end is exclusive.</summary>
    public static bool SignsAt(this EndpointSecret secret, DateTimeOffset now) =>
        !secret.Retired && (secret.ExpiresAt is not { } end || end > now);

    /// <summary>
    /// Those that sign, in their order, then those that expired and are still kept, retired and the latest
    /// first.
    /// </summary>
    public static IReadOnlyList<EndpointSecret> Keep(
        IReadOnlyList<EndpointSecret> secrets,
        DateTimeOffset now,
        EndpointOptions options
    )
    {
        var keptSince = now - options.ExpiredSecretsKeptFor;
        return
        [
            .. secrets.Where(each => each.SignsAt(now)),
            .. secrets
                .Where(each => !each.SignsAt(now) && each.ExpiresAt > keptSince)
                .OrderByDescending(each => each.ExpiresAt)
                .ThenByDescending(each => each.Value.Version)
                .Take(options.ExpiredSecretsMax)
                .Select(each => each with { Retired = true }),
        ];
    }
}
