using WebhookDelivery.Signatures;

namespace WebhookDelivery.Core;

/// <summary>
/// Says what is wrong with a webhook that a receiver could not verify. It compares what the receiver got with
/// what the platform has: the endpoint's secrets, old ones too, those of the tenant's other endpoints, and the
/// event's payload. Thread-safe; writes nothing.
/// </summary>
/// <remarks>
/// What it says never holds a secret, a signature, a payload or a part of one, and of a secret or a signature it
/// says only whether the whole is right: nobody can make one from its answers. It sees one tenant's things only.
/// It computes at most 600 MACs over at most 256 MiB for one case.
/// </remarks>
public sealed class SignatureDoctor(
    ITenantStore tenants,
    IEventStore events,
    EndpointVault vault,
    EndpointOptions options,
    TimeProvider time
) : IDisposable
{
    /// <summary>Bodies and payloads above 64 KiB together are looked at one case after the other.</summary>
    private const int LargeBytes = 64 * 1024;

    private static readonly ISignatureCheck[] s_checks =
    [
        new HeaderCheck(),
        new ReceiverSecretCheck(),
        new BodyCheck(),
        new EventCheck(),
        new SecretCheck(),
        new ComputedSignatureCheck(),
        new TimestampCheck(),
    ];

    /// <summary>So that large cases take no more than one core and the memory of one.</summary>
    private readonly SemaphoreSlim _large = new(1);

    /// <inheritdoc/>
    public void Dispose() => _large.Dispose();

    /// <summary>Looks at one case; null if the tenant has no such endpoint.</summary>
    /// <exception cref="StoreUnavailableException">The store cannot be read now.</exception>
    public async ValueTask<SignatureDiagnosis?> DiagnoseAsync(
        TenantId tenant,
        SignatureCase signatureCase,
        CancellationToken cancellationToken
    )
    {
        var now = time.GetUtcNow();
        var snapshot = await tenants.LoadAsync(tenant, cancellationToken);
        if (
            snapshot is null
            || snapshot.Tenant.DeletedAt is not null
            || !snapshot.Endpoints.Any(each => each.Key.EndpointId == signatureCase.EndpointId)
        )
        {
            return null;
        }

        var secrets = new List<KnownSecret>();
        foreach (var endpoint in snapshot.Endpoints)
        {
            var opened = await vault.OpenAsync(
                snapshot.Tenant.DataKey,
                endpoint,
                cancellationToken
            );
            secrets.AddRange(KnownSecret.Of(opened, now, options));
        }

        var headers = new ReceivedHeaders(signatureCase.Headers);
        var isEvent = EventIdOf(headers.Signing.WebhookId, out var eventId);
        var payload = isEvent
            ? await events.FindPayloadAsync(tenant, eventId, cancellationToken)
            : null;
        var isLarge = signatureCase.Body.Length + (payload?.Length ?? 0) > LargeBytes;
        if (isLarge)
        {
            await _large.WaitAsync(cancellationToken);
        }

        try
        {
            var receivedAt = signatureCase.ReceivedAt ?? now;
            return Diagnose(
                Examine(
                    signatureCase,
                    headers,
                    secrets,
                    isEvent ? eventId : null,
                    payload,
                    receivedAt
                )
            );
        }
        finally
        {
            if (isLarge)
            {
                _large.Release();
            }
        }
    }

    /// <summary>Puts together what is known of a case.</summary>
    internal static Examination Examine(
        SignatureCase signatureCase,
        ReceivedHeaders headers,
        IReadOnlyList<KnownSecret> secrets,
        EventId? eventId,
        ReadOnlyMemory<byte>? payload,
        DateTimeOffset receivedAt
    )
    {
        KnownSecret[] own = [.. secrets.Where(each => each.EndpointId == signatureCase.EndpointId)];
        KnownSecret[] others =
        [
            .. secrets.Where(each => each.EndpointId != signatureCase.EndpointId),
        ];
        var known = new Examination
        {
            Case = signatureCase,
            ReceivedAt = receivedAt,
            Headers = headers,
            Own = own,
            Others = others,
            EventId = eventId,
            Payload = payload,
            Stripe = StripeForm(headers.Signing),
            Standard = StandardForm(headers.Signing, own, receivedAt),
        };
        var search = new SignatureSearch(own, others, signatureCase.Body, payload, known.Budget);
        return known with
        {
            Stripe = Compare(known.Stripe, search, headers.Signing),
            Standard = Compare(known.Standard, search, headers.Signing),
        };
    }

    /// <summary>Runs every check over it.</summary>
    internal static SignatureDiagnosis Diagnose(Examination examination)
    {
        var faults = s_checks
            .SelectMany(check => check.Find(examination))
            .GroupBy(fault => (fault.Code, fault.Detail))
            .Select(same => same.Count() == 1 ? same.First() : same.First() with { Scheme = null })
            .OrderBy(fault => fault.Code)
            .ToArray();
        var stripe = Conclude(examination, examination.Stripe, faults);
        var standard = Conclude(examination, examination.Standard, faults);
        return new SignatureDiagnosis
        {
            Valid =
                (stripe.Present || standard.Present)
                && (stripe.Valid || !stripe.Present)
                && (standard.Valid || !standard.Present)
                && !faults.Any(fault => fault.Code <= SignatureFaultCode.NoKnownVersion),
            Stripe = stripe,
            StandardWebhooks = standard,
            Faults = faults,
            Event = examination.EventId is { } id
                ? new EventEvidence(id, examination.Payload is not null, examination.PayloadMatches)
                : null,
        };
    }

    private static SchemeDiagnosis Conclude(
        Examination examination,
        SchemeEvidence scheme,
        IReadOnlyList<SignatureFault> faults
    )
    {
        var own = faults.Where(fault => (fault.Scheme ?? scheme.Scheme) == scheme.Scheme).ToArray();
        var isValid =
            scheme.Present
            && examination.IsRight(scheme)
            && examination.IsInTime(scheme)
            && !own.Any(fault => fault.Code <= SignatureFaultCode.NoKnownVersion);

        // What is wrong with the receiver's own secret or computation is no fault of the scheme's header.
        var concerns = own.Where(fault =>
            fault.Code
                is not SignatureFaultCode.ReceiverSecretDiffers
                    and not SignatureFaultCode.SignedContentWrong
            && (scheme.Present || fault.Scheme == scheme.Scheme)
        );
        return new SchemeDiagnosis(
            scheme.Expected,
            scheme.Present,
            isValid,
            isValid ? null : concerns.FirstOrDefault()?.Code
        );
    }

    private static SchemeEvidence StripeForm(SignatureHeaders headers)
    {
        var header = headers.StripeSignature;
        var fault = header is null ? null : HeaderForms.FindStripeFault(header);
        return new SchemeEvidence
        {
            Scheme = SignatureSchemes.Stripe,
            Expected = true,
            Present = header is not null,
            FormFault = fault,
            Comparable = header is not null && fault is null,
            Timestamp = HeaderForms.ReadStripeTime(header),
        };
    }

    private static SchemeEvidence StandardForm(
        SignatureHeaders headers,
        IReadOnlyList<KnownSecret> own,
        DateTimeOffset receivedAt
    )
    {
        var isWhole =
            headers is
            { WebhookId: not null, WebhookTimestamp: not null, WebhookSignature: not null };
        var fault = isWhole ? HeaderForms.FindStandardFault(headers) : null;
        return new SchemeEvidence
        {
            Scheme = SignatureSchemes.StandardWebhooks,
            Expected = own.Any(each =>
                each.IsLiveAt(receivedAt) && each.Secret.SupportsStandardWebhooks
            ),
            Present = headers.WebhookSignature is not null,
            FormFault = fault,
            Comparable = isWhole && fault is null,
            Timestamp = HeaderForms.ReadTime(headers.WebhookTimestamp),
        };
    }

    private static SchemeEvidence Compare(
        SchemeEvidence scheme,
        SignatureSearch search,
        SignatureHeaders headers
    ) => scheme.Comparable ? scheme with { Match = search.Find(scheme.Scheme, headers) } : scheme;

    /// <summary>The event that an id names, also one that lost its prefix or its case on the way.</summary>
    private static bool EventIdOf(string? text, out EventId id)
    {
        var bare = (text ?? "").ToLowerInvariant();
        return EventId.TryParse(bare, out id) || EventId.TryParse(EventId.Prefix + bare, out id);
    }
}
