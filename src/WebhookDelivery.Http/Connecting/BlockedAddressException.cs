namespace WebhookDelivery.Http;

/// <summary>A host has an address that is not allowed. Names neither, as it may surface in a log.</summary>
internal sealed class BlockedAddressException() : IOException("The address is not allowed.");
