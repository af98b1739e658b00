using System.Text;
using WebhookDelivery.Signatures;

namespace WebhookDelivery.Core.Tests;

/// <summary>A webhook as it was signed, to be broken, and the secrets that the platform has.</summary>
internal sealed record DoctorRig
{
    public const string Json = """{"type":"order.created","n":1.50}""";

    public static readonly SigningSecret Current = SigningSecret.Generate();
    public static readonly SigningSecret Overlapping = SigningSecret.Generate();
    public static readonly SigningSecret Expired = SigningSecret.Generate();
    public static readonly SigningSecret Others = SigningSecret.Generate();
    public static readonly SigningSecret Unknown = SigningSecret.Generate();

    private static readonly EventId Id = Sample.EventId(1);

    /// <summary>What signed it.</summary>
    public SigningSecret Signer { get; init; } = Current;

    public byte[] Sent { get; init; } = Encoding.UTF8.GetBytes(Json);

    /// <summary>What came; null for what was sent.</summary>
    public byte[]? Received { get; init; }

    /// <summary>The payload of the event that the id names; null if there is none.</summary>
    public byte[]? Stored { get; init; } = Encoding.UTF8.GetBytes(Json);

    public string? Secret { get; init; }

    public string? Computed { get; init; }

    public TimeSpan Late { get; init; }

    public IReadOnlyList<KnownSecret> Known { get; init; } =
    [
        new(Sample.EndpointId(1), Current, null),
        new(Sample.EndpointId(1), Overlapping, Sample.Now.AddHours(1)),
        new(Sample.EndpointId(1), Expired, Sample.Now.AddHours(-1)),
        new(Sample.EndpointId(2), Others, null),
    ];

    /// <summary>Headers to put in the place of those that were signed; null leaves one out.</summary>
    public IReadOnlyList<(string Name, string? Value)> Changes { get; init; } = [];

    public SignedHeaders Signed => WebhookSigner.Sign([Signer], Id.ToString(), Sample.Now, Sent);

    public static string WebhookId => Id.ToString();

    public static string Seconds => $"{Sample.Now.ToUnixTimeSeconds()}";

    public static DoctorRig With(string name, string? value) => new() { Changes = [(name, value)] };

    /// <summary>The codes found, the first first.</summary>
    public IReadOnlyList<string> Codes() =>
        [.. Diagnose().Faults.Select(each => each.Code.ToCode())];

    public SignatureDiagnosis Diagnose()
    {
        var examination = Examine();
        return SignatureDoctor.Diagnose(examination);
    }

    public Examination Examine()
    {
        var headers = Headers();
        var named = headers.LastOrDefault(each => each.Key == "webhook-id").Value;
        var isEvent = EventId.TryParse(named, out var id);
        return SignatureDoctor.Examine(
            new SignatureCase
            {
                EndpointId = Sample.EndpointId(1),
                Headers = headers,
                Body = Received ?? Sent,
                Secret = Secret,
                ComputedSignature = Computed,
            },
            new ReceivedHeaders(headers),
            Known,
            isEvent ? id : null,
            isEvent && Stored is not null ? (ReadOnlyMemory<byte>?)Stored : null,
            Sample.Now + Late
        );
    }

    private List<KeyValuePair<string, string>> Headers()
    {
        var signed = Signed;
        List<KeyValuePair<string, string>> headers =
        [
            new("Content-Type", "application/json"),
            new("webhook-id", signed.WebhookId),
            new("webhook-timestamp", signed.WebhookTimestamp),
            new("Stripe-Signature", signed.StripeSignature),
        ];
        if (signed.WebhookSignature is { } signature)
        {
            headers.Add(new("webhook-signature", signature));
        }

        foreach (var (name, value) in Changes)
        {
            headers.RemoveAll(each => each.Key == name);
            if (value is not null)
            {
                headers.Add(new(name, value));
            }
        }

        return headers;
    }
}
