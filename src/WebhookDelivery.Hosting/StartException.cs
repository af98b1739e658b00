namespace WebhookDelivery.Server;

/// <summary>The server cannot start, for a reason that the operator can mend.</summary>
internal sealed class StartException(string message, Exception? innerException = null)
    : Exception(message, innerException);
