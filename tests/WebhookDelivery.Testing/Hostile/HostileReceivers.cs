namespace WebhookDelivery.Testing;

/// <summary>The catalogue of hostile receivers. The docs have the same, with the reasons why.</summary>
public static class HostileReceivers
{
    /// <summary>Every one, in the docs' order.</summary>
    public static IReadOnlyList<HostileReceiver> All { get; } =
    [
        .. SlowReceivers.All,
        .. ConnectionReceivers.All,
        .. StatusLineReceivers.All,
        .. HeaderReceivers.All,
        .. BodyReceivers.All,
        .. InstructionReceivers.All,
        .. ReuseReceivers.All,
        .. TlsReceivers.All,
    ];

    /// <summary>One by its name.</summary>
    /// <exception cref="InvalidOperationException">There is none.</exception>
    public static HostileReceiver Named(string name) =>
        All.Single(receiver => receiver.Name == name);
}
