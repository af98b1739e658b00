using WebhookDelivery.Core;

namespace WebhookDelivery.Aws;

/// <summary>Reads the API's names of reasons, which delivery items hold.</summary>
internal static class ReasonNames
{
    private static readonly Dictionary<string, ReasonCode> s_reasons = Enum.GetValues<ReasonCode>()
        .ToDictionary(reason => reason.ToCode(), StringComparer.Ordinal);

    /// <exception cref="FormatException">No reason has that name.</exception>
    public static ReasonCode Parse(string name) =>
        s_reasons.TryGetValue(name, out var reason)
            ? reason
            : throw new FormatException("Not the name of a reason.");
}
