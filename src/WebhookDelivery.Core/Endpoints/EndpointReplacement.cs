namespace WebhookDelivery.Core;

/// <summary>All that an endpoint is to be, whether there is one already or not; validated already.</summary>
public sealed record EndpointReplacement
{
    /// <summary>
    /// What a new one would be. Of one that is there, the rest replaces what it has, but for the
    /// secret, which is never replaced this way: if given, it must be one that signs.
    /// </summary>
    public required EndpointDraft Draft { get; init; }

    /// <summary>Whether it is to be disabled; null to leave one that is there as it is.</summary>
    public bool? Disabled { get; init; }

    /// <summary>Whether it is to be operational; null to take it as it is. It cannot change.</summary>
    public bool? Operational { get; init; }
}
