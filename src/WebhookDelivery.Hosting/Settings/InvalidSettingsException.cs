namespace WebhookDelivery.Hosting;

/// <summary>The configuration cannot be used; the message lists every fault, a line each.</summary>
public sealed class InvalidSettingsException(IReadOnlyList<string> faults)
    : Exception(
        string.Join(
            Environment.NewLine,
            faults.Select(fault => "  " + fault).Prepend("The configuration is not valid:")
        )
    );
