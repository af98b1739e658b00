namespace WebhookDelivery.EndToEnd.Tests;

/// <summary>A server that runs until it is disposed, which stops it gracefully.</summary>
public interface IRunningServer : IAsyncDisposable
{
    /// <summary>Where its API listens, without a slash at the end.</summary>
    string Url { get; }
}
