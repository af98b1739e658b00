namespace WebhookDelivery.Simulation.Tests;

/// <summary>The process died before it answered.</summary>
internal sealed class ProcessDiedException() : Exception("The process died before it answered.");
