using System.Security.Cryptography;

namespace WebhookDelivery.Core;

/// <summary>Whether the secret that the receiver has is one that signs, and signed this.</summary>
internal sealed class ReceiverSecretCheck : ISignatureCheck
{
    public IEnumerable<SignatureFault> Find(Examination examination)
    {
        if (examination.Case.Secret is not { } given)
        {
            return [];
        }

        var known = examination
            .Own.Concat(examination.Others)
            .Select(each => (Known: each, Hash: SecretSpelling.Hash(each.Secret.Value)))
            .ToArray();
        foreach (var spelling in SecretSpelling.Of(given))
        {
            var hash = SecretSpelling.Hash(spelling.Text);
            foreach (var each in known)
            {
                if (CryptographicOperations.FixedTimeEquals(hash, each.Hash))
                {
                    return Explain(examination, each.Known, spelling.Problem);
                }
            }
        }

        return
        [
            Differs(
                "It is none of this endpoint's, none of your other endpoints' and none of the last ones that expired.",
                "Rotate the secret (POST /v1/endpoints/{endpoint_id}/rotate-secret) and configure the one in the answer."
            ),
        ];
    }

    private static IEnumerable<SignatureFault> Explain(
        Examination examination,
        KnownSecret secret,
        string? problem
    )
    {
        const string configure = "Configure the endpoint's current secret, as it was shown once.";
        if (secret.EndpointId != examination.Case.EndpointId)
        {
            yield return Differs(
                $"It is a secret of your endpoint {secret.EndpointId}. {problem ?? ""}".TrimEnd(),
                configure
            );
        }
        else if (!secret.IsLiveAt(examination.ReceivedAt))
        {
            yield return Differs(
                $"It is an old one: it expired at {SecretCheck.Time(secret.ExpiresAt!.Value)}. {problem ?? ""}".TrimEnd(),
                configure
            );
        }
        else if (problem is not null)
        {
            yield return Differs(problem, "Configure the secret just as it was shown.");
        }
        else if (FindNewer(examination, secret))
        {
            yield return Differs(
                "It is live, but did not sign this webhook: that was done with another live secret, before this one was made or for want of this scheme.",
                "While a rotation's overlap lasts, accept both the old and the new secret."
            );
        }
    }

    /// <summary>Whether the webhook is good under another live secret, and under this one by no scheme.</summary>
    private static bool FindNewer(Examination examination, KnownSecret secret)
    {
        var right = examination.Schemes.Where(examination.IsRight).ToArray();
        return right.Length > 0
            && right.All(scheme =>
                scheme.Match!.Secret != secret
                && examination.Budget.TryTake(examination.Case.Body.Length)
                && (
                    !secret.Secret.Schemes.HasFlag(scheme.Scheme)
                    || !SignatureSearch.Fits(
                        scheme.Scheme,
                        examination.Headers.Signing,
                        secret.Secret,
                        examination.Case.Body.Span
                    )
                )
            );
    }

    private static SignatureFault Differs(string detail, string hint) =>
        new(
            SignatureFaultCode.ReceiverSecretDiffers,
            null,
            $"The receiver's secret is not the one to verify this with. {detail}",
            hint
        );
}
