namespace WebhookDelivery.Cdk;

/// <summary>The deployment is told something wrong; the message has a line for each fault.</summary>
internal sealed class InvalidSettingsException(IReadOnlyList<string> faults)
    : Exception($"These settings are wrong:\n{string.Join('\n', faults.Select(f => $"  {f}"))}")
{
    /// <summary>What is wrong, each naming its setting.</summary>
    public IReadOnlyList<string> Faults { get; } = faults;
}
