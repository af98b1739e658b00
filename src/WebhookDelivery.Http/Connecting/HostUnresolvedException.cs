namespace WebhookDelivery.Http;

/// <summary>A host name has no addresses.</summary>
internal sealed class HostUnresolvedException() : IOException("The host name does not resolve.");
