namespace WebhookDelivery.Core;

/// <summary>Where jitter comes from; injected, so that a simulation can reproduce a run.</summary>
public interface IJitterSource
{
    /// <summary>The next number, uniform from -1 to 1.</summary>
    double Next();
}
