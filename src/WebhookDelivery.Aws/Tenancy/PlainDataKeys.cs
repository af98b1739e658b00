using WebhookDelivery.Core;

namespace WebhookDelivery.Aws;

/// <summary>
/// Unwrapped data keys, each for so long and so many at most, and erased from memory when they go.
/// Who asks for a key that is being unwrapped waits for that call. Thread-safe.
/// </summary>
internal sealed class PlainDataKeys(
    Func<TenantDataKey, Task<PlainDataKey>> unwrap,
    KmsSecretProtectorOptions options,
    TimeProvider time
) : IDisposable
{
    private readonly Lock _gate = new();
    private readonly Dictionary<string, Entry> _entries = new(StringComparer.Ordinal);

    // All live equally long, so the order of coming is that of going.
    private readonly LinkedList<Entry> _byAge = new();

    /// <summary>The key, unwrapped now or before. What unwrapping throws goes to all who wait for it.</summary>
    public Task<PlainDataKey> FindAsync(TenantDataKey key, CancellationToken cancellationToken)
    {
        var name = $"{key.TenantId}\n{Convert.ToBase64String(key.Wrapped.Span)}";
        Entry? entry;
        var isNew = false;
        lock (_gate)
        {
            DropExpired();
            if (!_entries.TryGetValue(name, out entry))
            {
                entry = new Entry(name, time.GetUtcNow());
                isNew = true;
                Add(entry);
            }
        }

        if (isNew)
        {
            // Not under this caller's token: others may come to wait for it.
            _ = UnwrapAsync(entry, key);
        }

        return entry.Unwrapped.Task.WaitAsync(cancellationToken);
    }

    /// <summary>Erases all.</summary>
    public void Dispose()
    {
        lock (_gate)
        {
            while (_byAge.First is { } oldest)
            {
                Drop(oldest.Value);
            }
        }
    }

    private async Task UnwrapAsync(Entry entry, TenantDataKey key)
    {
        try
        {
            var plain = await unwrap(key);
            lock (_gate)
            {
                entry.Plain = plain;
                if (entry.IsDropped)
                {
                    plain.Erase();
                }
            }

            entry.Unwrapped.SetResult(plain);
        }
        catch (Exception exception)
        {
            // Whatever it is, it belongs to those who wait; and who comes next tries again.
            lock (_gate)
            {
                Drop(entry);
            }

            entry.Unwrapped.SetException(exception);
        }
    }

    private void Add(Entry entry)
    {
        while (_byAge.Count >= options.KeysMax && _byAge.First is { } oldest)
        {
            Drop(oldest.Value);
        }

        _entries.Add(entry.Name, entry);
        _byAge.AddLast(entry);
    }

    private void DropExpired()
    {
        var now = time.GetUtcNow();
        while (_byAge.First is { } oldest && now - oldest.Value.AddedAt >= options.CacheFor)
        {
            Drop(oldest.Value);
        }
    }

    private void Drop(Entry entry)
    {
        if (entry.IsDropped)
        {
            return;
        }

        entry.IsDropped = true;
        entry.Plain?.Erase();
        _entries.Remove(entry.Name);
        _byAge.Remove(entry);
    }

    private sealed class Entry(string name, DateTimeOffset addedAt)
    {
        public string Name => name;

        public DateTimeOffset AddedAt => addedAt;

        public TaskCompletionSource<PlainDataKey> Unwrapped { get; } =
            new(TaskCreationOptions.RunContinuationsAsynchronously);

        public PlainDataKey? Plain { get; set; }

        public bool IsDropped { get; set; }
    }
}
