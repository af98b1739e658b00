using Amazon.CDK.AWS.IAM;

namespace WebhookDelivery.Cdk;

/// <summary>What the functions differ in: one program serves them all.</summary>
/// <param name="Name">Which one it is, as the program and the function's name have it.</param>
/// <param name="Description">What it does.</param>
/// <param name="MemoryMegabytes">Memory; the processor's share grows with it (1,769 MB are one).</param>
/// <param name="TimeoutSeconds">How long an invocation may take.</param>
/// <param name="Permissions">All that it may do, but for writing its log.</param>
internal sealed record FunctionShape(
    string Name,
    string Description,
    int MemoryMegabytes,
    int TimeoutSeconds,
    IReadOnlyList<PolicyStatement> Permissions
)
{
    /// <summary>Variables that only this one has.</summary>
    public IReadOnlyDictionary<string, string> Environment { get; init; } =
        new Dictionary<string, string>(StringComparer.Ordinal);

    /// <summary>
    /// True for one that sends to the queue that invokes it. Lambda takes a chain of 16 for a runaway
    /// and moves the message to the dead letters; retries and postponements make longer ones rightly.
    /// </summary>
    public bool FeedsItself { get; init; }
}
