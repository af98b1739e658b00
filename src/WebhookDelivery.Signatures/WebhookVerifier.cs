namespace WebhookDelivery.Signatures;

/// <summary>Verifies what a webhook producer sent: who signed it, over which bytes, how long ago.</summary>
/// <remarks>
/// Immutable and thread-safe. Never throws for hostile input, and compares signatures in constant
/// time. Give it several secrets while one is being rotated.
/// </remarks>
public sealed class WebhookVerifier
{
    private readonly SigningSecret[] _secrets;
    private readonly WebhookVerifierOptions _options;
    private readonly TimeProvider _timeProvider;
    private readonly bool _standardPossible;
    private readonly bool _standardNeeded;

    /// <summary>Makes a verifier.</summary>
    /// <param name="secrets">The secrets accepted, at least one.</param>
    /// <param name="options">The settings; <see langword="null"/> for the defaults.</param>
    /// <param name="timeProvider">The clock; <see langword="null"/> for the system's.</param>
    /// <exception cref="ArgumentException">
    /// No secret; a negative tolerance; or a policy that needs Standard Webhooks while no secret
    /// supports it.
    /// </exception>
    public WebhookVerifier(
        IEnumerable<SigningSecret> secrets,
        WebhookVerifierOptions? options = null,
        TimeProvider? timeProvider = null
    )
    {
        _secrets = [.. secrets];
        _options = options ?? new WebhookVerifierOptions();
        _timeProvider = timeProvider ?? TimeProvider.System;
        if (_secrets.Length == 0)
        {
            throw new ArgumentException("Verifying takes at least one secret.", nameof(secrets));
        }

        ArgumentOutOfRangeException.ThrowIfLessThan(
            _options.Tolerance,
            TimeSpan.Zero,
            nameof(options)
        );
        _standardPossible = Array.Exists(_secrets, secret => secret.SupportsStandardWebhooks);
        _standardNeeded = _options.Policy switch
        {
            SchemePolicy.Automatic => Array.TrueForAll(_secrets, s => s.SupportsStandardWebhooks),
            SchemePolicy.StandardWebhooks or SchemePolicy.Both => true,
            _ => false,
        };
        if (_standardNeeded && !_standardPossible)
        {
            throw new ArgumentException(
                "The policy needs Standard Webhooks, which no secret supports.",
                nameof(options)
            );
        }
    }

    /// <summary>Verifies one request.</summary>
    /// <param name="headers">Its signature headers.</param>
    /// <param name="body">Its exact bytes, before any parsing.</param>
    /// <returns>
    /// <see cref="VerificationResult.Verified"/>, with every scheme that was checked; or the first
    /// refusal found.
    /// </returns>
    public VerificationResult Verify(SignatureHeaders headers, ReadOnlySpan<byte> body)
    {
        var now = _timeProvider.GetUtcNow();
        VerificationResult.Verified? standard = null;
        if (ChecksStandard(headers))
        {
            var result = StandardWebhooksSignature.Verify(
                _secrets,
                headers,
                body,
                now,
                _options.Tolerance
            );
            if (result is not VerificationResult.Verified verified)
            {
                return result;
            }

            standard = verified;
        }

        if (!ChecksStripe(headers, standard is not null))
        {
            return standard!;
        }

        var stripe = StripeSignature.Verify(
            _secrets,
            headers.StripeSignature,
            body,
            now,
            _options.Tolerance
        );
        return stripe is VerificationResult.Verified && standard is not null
            ? standard with
            {
                Schemes = SignatureSchemes.Stripe | SignatureSchemes.StandardWebhooks,
            }
            : stripe;
    }

    private bool ChecksStandard(SignatureHeaders headers) =>
        _standardNeeded
        || (
            _options.Policy == SchemePolicy.Automatic
            && _standardPossible
            && !string.IsNullOrEmpty(headers.WebhookSignature)
        );

    private bool ChecksStripe(SignatureHeaders headers, bool standardVerified) =>
        _options.Policy switch
        {
            SchemePolicy.Stripe or SchemePolicy.Both => true,
            SchemePolicy.StandardWebhooks => false,
            _ => !standardVerified || !string.IsNullOrEmpty(headers.StripeSignature),
        };
}
