using System.Collections.Concurrent;

namespace WebhookDelivery.Testing;

/// <summary>
/// A receiver that keeps every request exactly as it came over the wire, connections kept open, and
/// answers with whole HTTP responses given as text: 200 without a body by default.
/// </summary>
public sealed class WireReceiver : IAsyncDisposable
{
    /// <summary>The answer of a receiver that took the webhook.</summary>
    public const string Ok = "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n";

    private readonly ConcurrentQueue<WireRequest> _requests = new();
    private readonly RawReceiver _receiver;

    private WireReceiver() => _receiver = RawReceiver.Start(ServeAsync);

    /// <summary>Decides each answer; may wait. Set it at any time.</summary>
    public Func<WireRequest, Task<string>> Answer { get; set; } = static _ => Task.FromResult(Ok);

    /// <summary>Where it listens.</summary>
    public Uri Url => _receiver.Url;

    /// <summary>How many connections were made to it.</summary>
    public int ConnectionCount => _receiver.ConnectionCount;

    /// <summary>Every request so far, oldest first.</summary>
    public IReadOnlyList<WireRequest> Requests => [.. _requests];

    /// <summary>Starts one on a free port.</summary>
    public static WireReceiver Start() => new();

    /// <summary>An answer with a status, headers and no body.</summary>
    public static string Status(int status, params string[] headers) =>
        string.Join(
            "\r\n",
            [$"HTTP/1.1 {status} Whatever", .. headers, "Content-Length: 0", "", ""]
        );

    /// <summary>Answers with these statuses in turn; the last one repeats.</summary>
    public void AnswerWith(params int[] statuses)
    {
        var next = -1;
        Answer = _ =>
            Task.FromResult(
                Status(statuses[Math.Min(Interlocked.Increment(ref next), statuses.Length - 1)])
            );
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => _receiver.DisposeAsync();

    private async Task ServeAsync(RawConnection connection)
    {
        while (true)
        {
            var (head, body) = await connection.ReadRequestAsync();
            var request = new WireRequest(head, body);
            _requests.Enqueue(request);
            await connection.SendAsync(await Answer(request).WaitAsync(connection.Stopping));
        }
    }
}

/// <summary>A request as it came over the wire.</summary>
/// <param name="Head">Request line and headers, without the blank line, as Latin-1.</param>
/// <param name="Body">The body's bytes.</param>
public sealed record WireRequest(string Head, byte[] Body)
{
    /// <summary>Such as <c>POST /hook HTTP/1.1</c>.</summary>
    public string RequestLine => Head.Split("\r\n")[0];

    /// <summary>Every header line, in order, name and value as sent.</summary>
    public IReadOnlyList<KeyValuePair<string, string>> Headers =>
        [
            .. Head.Split("\r\n")
                .Skip(1)
                .Select(line => line.Split(": ", 2))
                .Select(parts => KeyValuePair.Create(parts[0], parts[1])),
        ];

    /// <summary>The value of a header that is there once; null if it is not there.</summary>
    public string? this[string name] =>
        Headers
            .SingleOrDefault(header => header.Key.Equals(name, StringComparison.OrdinalIgnoreCase))
            .Value;
}
