namespace WebhookDelivery.Benchmarks;

/// <summary>What the process says when it ends.</summary>
internal static class ExitCodes
{
    public const int Passed = 0;

    /// <summary>A ratio missed its must.</summary>
    public const int Missed = 1;

    public const int Usage = 2;

    /// <summary>A ledger does not balance, or a run broke off: its figures say nothing.</summary>
    public const int Void = 3;
}
