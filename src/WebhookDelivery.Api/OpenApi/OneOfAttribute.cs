using WebhookDelivery.Core;

namespace WebhookDelivery.Api;

/// <summary>Says which texts a member may hold, for its description.</summary>
[AttributeUsage(AttributeTargets.Property)]
internal sealed class OneOfAttribute : Attribute
{
    /// <param name="codes">The texts themselves.</param>
    public OneOfAttribute(params string[] codes) => Codes = codes;

    /// <param name="kind">The enumeration whose names in the API they are.</param>
    public OneOfAttribute(Type kind) => Codes = CodesOf(kind);

    /// <summary>The texts.</summary>
    public IReadOnlyList<string> Codes { get; }

    private static IReadOnlyList<string> CodesOf(Type kind) =>
        kind == typeof(DeliveryStatus) ? DeliveryStatuses
        : kind == typeof(EventStatus)
            ? [.. Enum.GetValues<EventStatus>().Select(status => status.ToCode())]
        : kind == typeof(ReasonCode) ? Reasons
        : kind == typeof(EventSource)
            ? [.. Enum.GetValues<EventSource>().Select(source => source.ToCode())]
        : kind == typeof(EndpointVerdict)
            ? [.. Enum.GetValues<EndpointVerdict>().Select(verdict => verdict.ToCode())]
        : kind == typeof(SignatureFaultCode)
            ? [.. Enum.GetValues<SignatureFaultCode>().Select(code => code.ToCode())]
        : throw new ArgumentException($"{kind} has no names in the API.", nameof(kind));

    /// <summary>The names of delivery statuses.</summary>
    public static IReadOnlyList<string> DeliveryStatuses { get; } =
    [.. Enum.GetValues<DeliveryStatus>().Select(status => status.ToCode())];

    /// <summary>The names of reasons.</summary>
    public static IReadOnlyList<string> Reasons { get; } =
    [.. Enum.GetValues<ReasonCode>().Select(reason => reason.ToCode())];
}
