using System.Security.Cryptography;
using System.Text;
using WebhookDelivery.Signatures;

namespace WebhookDelivery.Core;

/// <summary>
/// What the receiver did wrong where it computed the signature: it makes the known mistakes itself and sees
/// which one gives the same. It says which, never what would have been right.
/// </summary>
internal sealed class ComputedSignatureCheck : ISignatureCheck
{
    public IEnumerable<SignatureFault> Find(Examination examination)
    {
        if (examination.Case.ComputedSignature is not { } text)
        {
            return [];
        }

        if (ComputedSignature.Read(text, out var problem) is not { } computed)
        {
            return
            [
                Wrong(null, problem!, "Compute HMAC-SHA256, and write it as the header has it."),
            ];
        }

        var trials = Trials(examination).ToArray();
        return FindBest(examination, computed, trials) is { } best ? Explain(computed, best)
            : FindRewritten(examination, computed, trials) is { } words
                ?
                [
                    new SignatureFault(
                        SignatureFaultCode.BodyReserialised,
                        null,
                        $"The receiver computed its signature over {words}, not over the bytes it received.",
                        "Verify over the raw bytes of the request, before anything parses and writes them again."
                    ),
                ]
            :
            [
                Wrong(
                    null,
                    "It is what none of the known mistakes gives under the secrets at hand.",
                    "Check the algorithm, and that key, id, timestamp and body are those of this request. Give secret too if the receiver's may differ."
                ),
            ];
    }

    /// <summary>Every scheme, key and content to try, under the receiver's secret and the one that signed.</summary>
    private static IEnumerable<Trial> Trials(Examination examination)
    {
        var headers = examination.Headers.Signing;
        string[] times =
        [
            .. new[]
            {
                headers.WebhookTimestamp,
                HeaderForms.StripeTimeText(headers.StripeSignature),
            }
                .OfType<string>()
                .Distinct(StringComparer.Ordinal),
        ];
        var contents = ContentForm.Of(headers.WebhookId, times);
        var signer =
            examination
                .Schemes.Select(each => each.Match?.Secret)
                .FirstOrDefault(each => each is not null)
            ?? examination.Own[0];
        var secrets = new[] { examination.Case.Secret?.Trim(), signer.Secret.Value }
            .OfType<string>()
            .Distinct(StringComparer.Ordinal);
        return from secret in secrets
            from key in KeyForm.Of(secret)
            from content in contents
            select new Trial(key, content);
    }

    /// <summary>The trial that gives the same and is wrong in the fewest respects; null if none gives the same.</summary>
    private static Finding? FindBest(
        Examination examination,
        ComputedSignature computed,
        IReadOnlyList<Trial> trials
    ) =>
        trials
            .Where(trial => Gives(trial, examination, examination.Case.Body, computed))
            .SelectMany(trial =>
                new[] { SignatureSchemes.StandardWebhooks, SignatureSchemes.Stripe }.Select(
                    scheme => new Finding(trial, scheme)
                )
            )
            .MinBy(finding => finding.CountWrong(computed));

    private static string? FindRewritten(
        Examination examination,
        ComputedSignature computed,
        IReadOnlyList<Trial> trials
    )
    {
        var right = trials.Where(each =>
            each.Content.RightFor is not null && each.Content.RightFor == each.Key.RightFor
        );
        foreach (var (body, words) in RewrittenBodies.Of(examination.Case.Body))
        {
            if (right.Any(trial => Gives(trial, examination, body, computed)))
            {
                return words;
            }
        }

        return null;
    }

    private static bool Gives(
        Trial trial,
        Examination examination,
        ReadOnlyMemory<byte> body,
        ComputedSignature computed
    )
    {
        if (!examination.Budget.TryTake(trial.Content.HasBody ? body.Length : 0))
        {
            return false;
        }

        using var hash = IncrementalHash.CreateHMAC(HashAlgorithmName.SHA256, trial.Key.Key);
        hash.AppendData(Encoding.UTF8.GetBytes(trial.Content.Lead));
        hash.AppendData(trial.Content.HasBody ? body.Span : []);
        hash.AppendData(Encoding.UTF8.GetBytes(trial.Content.Tail));
        return CryptographicOperations.FixedTimeEquals(hash.GetHashAndReset(), computed.Mac);
    }

    private static IEnumerable<SignatureFault> Explain(ComputedSignature computed, Finding best)
    {
        if (!best.IsKeyRight)
        {
            yield return new SignatureFault(
                SignatureFaultCode.ReceiverSecretDiffers,
                best.Scheme,
                $"The receiver makes the wrong key of its secret: the key is {best.Trial.Key.Words}. {KeyForm.Expected(best.Scheme)}.",
                "Make the key as the scheme says, or use one of its libraries."
            );
        }

        if (!best.IsContentRight)
        {
            yield return Wrong(
                best.Scheme,
                $"It was computed over {best.Trial.Content.Words}; what is signed is {ContentForm.Expected(best.Scheme)}.",
                "Join the parts with full stops, as they came, and take the body's raw bytes."
            );
        }

        if (!computed.IsWrittenAs(best.Scheme))
        {
            yield return Wrong(
                best.Scheme,
                best.Scheme == SignatureSchemes.Stripe
                    ? "It is not written in lower-case hex, as Stripe-Signature is."
                    : "It is not written in base64 with padding, as webhook-signature is (hex instead of base64, or the letters of URLs).",
                "Write it as the header has it, and compare it with each signature of the header."
            );
        }
    }

    private static SignatureFault Wrong(SignatureSchemes? scheme, string detail, string hint) =>
        new(
            SignatureFaultCode.SignedContentWrong,
            scheme,
            $"The signature that the receiver computed is not the one to compare with. {detail}",
            hint
        );

    private sealed record Trial(KeyForm Key, ContentForm Content);

    private sealed record Finding(Trial Trial, SignatureSchemes Scheme)
    {
        public bool IsKeyRight => Trial.Key.RightFor == Scheme;

        public bool IsContentRight => Trial.Content.RightFor == Scheme;

        public int CountWrong(ComputedSignature computed) =>
            (IsKeyRight ? 0 : 1)
            + (IsContentRight ? 0 : 1)
            + (computed.IsWrittenAs(Scheme) ? 0 : 1);
    }
}
