namespace WebhookDelivery.Architecture.Tests;

internal enum Layer
{
    Signatures,
    Core,
    Adapter,
    Receiver,
    Hosting,
    Host,
    StandIn,
}
