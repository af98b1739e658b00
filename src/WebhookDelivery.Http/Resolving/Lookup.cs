using System.Net;

namespace WebhookDelivery.Http;

/// <summary>One question to the system's resolver, shared by all who ask for the same name.</summary>
internal sealed class Lookup(string host)
{
    // Continuations belong to senders, not to the resolver's thread.
    private readonly TaskCompletionSource<IReadOnlyList<IPAddress>> _answer = new(
        TaskCreationOptions.RunContinuationsAsynchronously
    );

    /// <summary>The name, in lower case.</summary>
    public string Host { get; } = host;

    /// <summary>The zone of the name.</summary>
    public string Zone { get; } = Http.Zone.Of(host);

    /// <summary>The addresses; empty if it does not resolve.</summary>
    public Task<IReadOnlyList<IPAddress>> Answer => _answer.Task;

    /// <summary>How many wait for the answer.</summary>
    public int Waiters { get; set; }

    /// <summary>The lane it runs in; null while it waits for a thread.</summary>
    public Lane? Lane { get; set; }

    /// <summary>When it got its thread.</summary>
    public long StartedTimestamp { get; set; }

    /// <summary>Answers all who wait, unless they have been answered.</summary>
    public void Complete(IReadOnlyList<IPAddress> addresses) => _answer.TrySetResult(addresses);

    /// <summary>Fails all who wait, unless they have been answered.</summary>
    public void Fail(Exception fault) => _answer.TrySetException(fault);
}
