using WebhookDelivery.Testing;

namespace WebhookDelivery.EndToEnd.Tests;

/// <summary>A receiver of many endpoints, each with a path and an answer, that books what it answered.</summary>
internal sealed class RunReceiver : IAsyncDisposable
{
    private readonly WireReceiver _wire = WireReceiver.Start();
    private readonly Lock _lock = new();
    private readonly Dictionary<string, int> _answers = new(StringComparer.Ordinal);
    private readonly Dictionary<(string Path, string EventId), List<int>> _given = [];

    public RunReceiver() => _wire.Answer = request => Task.FromResult(Answer(request));

    /// <summary>A new endpoint's URL.</summary>
    public Uri Add()
    {
        lock (_lock)
        {
            var path = $"/e{_answers.Count}";
            _answers.Add(path, 200);
            return new Uri(_wire.Url, path);
        }
    }

    /// <summary>Has an endpoint answer with a status from now on.</summary>
    public void Set(Uri url, int status)
    {
        lock (_lock)
        {
            _answers[url.AbsolutePath] = status;
        }
    }

    /// <summary>What an endpoint answers with.</summary>
    public int Get(Uri url)
    {
        lock (_lock)
        {
            return _answers[url.AbsolutePath];
        }
    }

    /// <summary>What an endpoint answered about an event, in order.</summary>
    public IReadOnlyList<int> Given(Uri url, string eventId)
    {
        lock (_lock)
        {
            return _given.TryGetValue((url.AbsolutePath, eventId), out var given) ? [.. given] : [];
        }
    }

    /// <summary>Whether an endpoint ever answered with one of the statuses.</summary>
    public bool Gave(Uri url, params int[] statuses)
    {
        lock (_lock)
        {
            return _given.Any(each =>
                each.Key.Path == url.AbsolutePath && each.Value.Intersect(statuses).Any()
            );
        }
    }

    public ValueTask DisposeAsync() => _wire.DisposeAsync();

    private string Answer(WireRequest request)
    {
        var path = request.RequestLine.Split(' ')[1];
        lock (_lock)
        {
            var status = _answers[path];
            var key = (path, request["webhook-id"]!);
            if (!_given.TryGetValue(key, out var given))
            {
                _given.Add(key, given = []);
            }

            given.Add(status);
            return status == 429
                ? WireReceiver.Status(status, "Retry-After: 90")
                : WireReceiver.Status(status);
        }
    }
}
