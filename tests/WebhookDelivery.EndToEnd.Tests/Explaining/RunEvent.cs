namespace WebhookDelivery.EndToEnd.Tests;

/// <summary>An event as the run's ledger has it: what every endpoint was when it was posted.</summary>
internal sealed class RunEvent
{
    public required string? Type { get; init; }

    /// <summary>What the payload's member `n` holds.</summary>
    public required int Number { get; init; }

    public string Id { get; set; } = "";

    /// <summary>For each endpoint of the time, why it was passed over (null: it was not), and its version.</summary>
    public Dictionary<string, (string? Refusal, int Version)> Routing { get; } =
        new(StringComparer.Ordinal);

    /// <summary>For each delivery that was started anew: how many answers had come before.</summary>
    public Dictionary<string, int> StartedAfter { get; } = new(StringComparer.Ordinal);

    public string Payload =>
        Type is null ? $$"""{"n":{{Number}}}""" : $$"""{"type":"{{Type}}","n":{{Number}}}""";
}
