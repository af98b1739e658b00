namespace WebhookDelivery.Core;

/// <summary>What one round of the sweeper did.</summary>
public readonly record struct SweepResult
{
    /// <summary>Overdue deliveries made receivable again, where the engine counts them.</summary>
    public int Overdue { get; init; }

    /// <summary>Parked deliveries that are PENDING again.</summary>
    public int Resumed { get; init; }

    /// <summary>Deliveries that recoveries on request started or cancelled.</summary>
    public int Recovered { get; init; }

    /// <summary>Deliveries cancelled as their endpoint was deleted.</summary>
    public int Cancelled { get; init; }

    /// <summary>Events and keys deleted as their time was over.</summary>
    public int Expired { get; init; }

    /// <summary>Events deleted with their tenant.</summary>
    public int Erased { get; init; }

    /// <summary>Steps that could not be finished; the log says why, and the next round goes on.</summary>
    public int Failed { get; init; }
}
