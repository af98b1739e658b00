namespace WebhookDelivery.Api;

/// <summary>Settings of the HTTP API.</summary>
public sealed record ApiOptions
{
    /// <summary>The default of <see cref="MaxPayloadBytes"/>: 1 MiB.</summary>
    public const int DefaultMaxPayloadBytes = 1024 * 1024;

    /// <summary>The most that <see cref="MaxPayloadBytes"/> may be, inclusive: 4 MiB.</summary>
    public const int PayloadBytesCeiling = 4 * 1024 * 1024;

    /// <summary>Most bytes of an event's payload, inclusive: 1–4,194,304; default 1 MiB.</summary>
    public int MaxPayloadBytes { get; init; } = DefaultMaxPayloadBytes;

    /// <summary>Lists everything that is wrong, one sentence each that names the setting.</summary>
    /// <returns>The faults; empty if the options are good.</returns>
    public IReadOnlyList<string> FindFaults() =>
        MaxPayloadBytes is >= 1 and <= PayloadBytesCeiling
            ? []
            :
            [
                $"{nameof(MaxPayloadBytes)} must be 1 to {PayloadBytesCeiling}, not {MaxPayloadBytes}.",
            ];
}
