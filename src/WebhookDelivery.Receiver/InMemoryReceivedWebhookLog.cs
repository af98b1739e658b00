using Microsoft.Extensions.Options;

namespace WebhookDelivery.Receiver;

/// <summary>
/// The default <see cref="IReceivedWebhookLog"/>: in this process's memory, bounded by
/// <see cref="WebhookReceiverOptions.RememberedIdsMax"/>. Thread-safe.
/// </summary>
public sealed class InMemoryReceivedWebhookLog : IReceivedWebhookLog
{
    private readonly Lock _lock = new();
    private readonly HashSet<WebhookKey> _claimed = [];
    private readonly HashSet<WebhookKey> _processed = [];
    private readonly Queue<WebhookKey> _processedOldestFirst = new();
    private readonly int _capacity;

    /// <summary>Makes an empty log.</summary>
    /// <param name="options">The settings.</param>
    public InMemoryReceivedWebhookLog(IOptions<WebhookReceiverOptions> options) =>
        _capacity = options.Value.RememberedIdsMax;

    /// <inheritdoc />
    public ValueTask<WebhookClaim> ClaimAsync(WebhookKey key, CancellationToken cancellationToken)
    {
        lock (_lock)
        {
            return ValueTask.FromResult(
                _processed.Contains(key) ? WebhookClaim.AlreadyProcessed
                : _claimed.Add(key) ? WebhookClaim.Claimed
                : WebhookClaim.InProgress
            );
        }
    }

    /// <inheritdoc />
    public ValueTask CompleteAsync(WebhookKey key)
    {
        lock (_lock)
        {
            _claimed.Remove(key);
            if (_processed.Add(key))
            {
                _processedOldestFirst.Enqueue(key);
            }

            // Claims do not count: each is a request under way, and the server bounds those.
            if (_processed.Count > _capacity)
            {
                _processed.Remove(_processedOldestFirst.Dequeue());
            }
        }

        return ValueTask.CompletedTask;
    }

    /// <inheritdoc />
    public ValueTask ReleaseAsync(WebhookKey key)
    {
        lock (_lock)
        {
            _claimed.Remove(key);
        }

        return ValueTask.CompletedTask;
    }

    /// <summary>Forgets every processed webhook; those being handled stay claimed.</summary>
    public void Clear()
    {
        lock (_lock)
        {
            _processed.Clear();
            _processedOldestFirst.Clear();
        }
    }
}
