using System.Collections.ObjectModel;

namespace WebhookDelivery.Core;

/// <summary>Bounds of what a tenant may note of an endpoint.</summary>
public static class EndpointMetadata
{
    /// <summary>Most members, inclusive.</summary>
    public const int MembersMax = 20;

    /// <summary>Most characters of a member's name, inclusive; at least one.</summary>
    public const int NameLengthMax = 40;

    /// <summary>Most characters of a member's value, inclusive; may be none.</summary>
    public const int ValueLengthMax = 500;

    /// <summary>No members.</summary>
    public static IReadOnlyDictionary<string, string> None { get; } =
        ReadOnlyDictionary<string, string>.Empty;
}
