namespace WebhookDelivery.Crash.Tests;

/// <summary>How a server ends at a crash point.</summary>
internal enum Ending
{
    /// <summary>By SIGKILL: what was written stays.</summary>
    Killed,

    /// <summary>The power is cut too: what no fsync forced to the disk is there or not, by chance.</summary>
    PowerCut,
}
