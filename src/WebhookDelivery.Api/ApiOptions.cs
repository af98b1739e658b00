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

    /// <summary>
    /// Most bytes that payloads take together which are being received and stored, those up to 16 KiB not
    /// counted. One tenant takes more only while it has less than is free, less a sixteenth that is kept
    /// for tenants with less than one payload of the largest size. At least
    /// <see cref="MaxPayloadBytes"/>; default 128 MiB. Beyond it, POST /events answers 503.
    /// </summary>
    public long MaxBufferedBytes { get; init; } = 128L * 1024 * 1024;

    /// <summary>Lists everything that is wrong, one sentence each that names the setting.</summary>
    /// <returns>The faults; empty if the options are good.</returns>
    public IReadOnlyList<string> FindFaults()
    {
        var faults = new List<string>();
        if (MaxPayloadBytes is < 1 or > PayloadBytesCeiling)
        {
            faults.Add(
                $"{nameof(MaxPayloadBytes)} must be 1 to {PayloadBytesCeiling}, not {MaxPayloadBytes}."
            );
        }

        if (MaxBufferedBytes < MaxPayloadBytes)
        {
            faults.Add(
                $"{nameof(MaxBufferedBytes)} must be at least {nameof(MaxPayloadBytes)}, not {MaxBufferedBytes}."
            );
        }

        return faults;
    }
}
