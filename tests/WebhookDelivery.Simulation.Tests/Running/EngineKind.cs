namespace WebhookDelivery.Simulation.Tests;

/// <summary>How Core is put to work.</summary>
internal enum EngineKind
{
    /// <summary>One process with worker and sweeper; claims in memory.</summary>
    Embedded,

    /// <summary>One or two processes with worker and sweeper on a queue with leases.</summary>
    Leased,

    /// <summary>As leased, but batches of messages are handed to a function.</summary>
    Batch,
}
