namespace WebhookDelivery.Hosting;

/// <summary>The server cannot start, for a reason that the operator can mend.</summary>
public sealed class StartException(string message, Exception? innerException = null)
    : Exception(message, innerException);
