using System.Collections.Concurrent;
using System.Net;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using Microsoft.Extensions.Logging.Abstractions;
using WebhookDelivery.Core;

namespace WebhookDelivery.Http.Tests;

/// <summary>A sender that may reach loopback, with what it is given and what it did at hand.</summary>
internal sealed class SenderRig : IDisposable
{
    public static readonly HttpSenderOptions Loopback = new()
    {
        AllowHttp = true,
        AnyPort = true,
        AllowedNetworks = [IPNetwork.Parse("127.0.0.0/8")],
        Version = "9.8.7",
    };

    private static readonly EndpointKey DefaultEndpoint = Endpoint(1);

    public SenderRig(
        HttpSenderOptions? options = null,
        TimeProvider? timeProvider = null,
        X509Certificate2Collection? trustedRoots = null,
        IDialer? dialer = null
    )
    {
        Dialer = new RecordingDialer(dialer ?? new SocketDialer());
        Sender = new WebhookSender(
            options ?? Loopback,
            Resolver,
            timeProvider ?? TimeProvider.System,
            NullLogger.Instance,
            Dialer,
            trustedRoots
        );
    }

    public WebhookSender Sender { get; }

    public ScriptedResolver Resolver { get; } = new();

    public RecordingDialer Dialer { get; }

    public static EndpointKey Endpoint(int number) =>
        new(TenantId.Parse("acme"), new EndpointId(new Guid(number, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0)));

    public static WebhookRequest Request(
        Uri url,
        EndpointKey? endpoint = null,
        byte[]? payload = null,
        TimeSpan? timeout = null,
        params KeyValuePair<string, string>[] headers
    ) =>
        new()
        {
            Endpoint = endpoint ?? DefaultEndpoint,
            Url = url,
            Payload = payload ?? Encoding.UTF8.GetBytes("""{"type":"order.created"}"""),
            Headers = headers,
            Timeout = timeout ?? TimeSpan.FromSeconds(15),
        };

    public async Task<AttemptOutcome> AttemptAsync(WebhookRequest request)
    {
        var result = await Sender
            .SendAsync(request, TestContext.Current.CancellationToken)
            .AsTask()
            .WaitAsync(TimeSpan.FromSeconds(30));
        return Assert.IsType<SendResult.Attempted>(result).Outcome;
    }

    public Task<AttemptOutcome> AttemptAsync(Uri url, TimeSpan? timeout = null) =>
        AttemptAsync(Request(url, timeout: timeout));

    public void Dispose() => Sender.Dispose();
}

/// <summary>DNS as the test says; each name may have several answers, given in turn.</summary>
internal sealed class ScriptedResolver : IHostResolver
{
    private readonly ConcurrentDictionary<string, Queue<IPAddress[]>> _answers = new(
        StringComparer.OrdinalIgnoreCase
    );

    public ConcurrentQueue<string> Asked { get; } = new();

    /// <summary>Answers in turn; the last answer repeats.</summary>
    public ScriptedResolver Answer(string host, params string[] answers)
    {
        _answers[host] = new Queue<IPAddress[]>(
            answers.Select(answer =>
                answer
                    .Split(' ', StringSplitOptions.RemoveEmptyEntries)
                    .Select(IPAddress.Parse)
                    .ToArray()
            )
        );
        return this;
    }

    public ValueTask<IReadOnlyList<IPAddress>> ResolveAsync(
        string host,
        CancellationToken cancellationToken
    )
    {
        Asked.Enqueue(host);
        if (!_answers.TryGetValue(host, out var answers))
        {
            return new ValueTask<IReadOnlyList<IPAddress>>([]);
        }

        lock (answers)
        {
            return new ValueTask<IReadOnlyList<IPAddress>>(
                answers.Count > 1 ? answers.Dequeue() : answers.Peek()
            );
        }
    }
}

/// <summary>Notes every connection that the sender makes, and how much it reads from them.</summary>
internal sealed class RecordingDialer(IDialer inner) : IDialer
{
    private long _bytesRead;

    public ConcurrentQueue<IPEndPoint> Dialed { get; } = new();

    public long BytesRead => Volatile.Read(ref _bytesRead);

    public async ValueTask<Stream> DialAsync(IPEndPoint target, CancellationToken cancellationToken)
    {
        Dialed.Enqueue(target);
        var stream = await inner.DialAsync(target, cancellationToken);
        return new CountingStream(stream, count => Interlocked.Add(ref _bytesRead, count));
    }

    private sealed class CountingStream(Stream stream, Action<int> read) : Stream
    {
        public override bool CanRead => true;

        public override bool CanSeek => false;

        public override bool CanWrite => true;

        public override long Length => throw new NotSupportedException();

        public override long Position
        {
            get => throw new NotSupportedException();
            set => throw new NotSupportedException();
        }

        public override async ValueTask<int> ReadAsync(
            Memory<byte> buffer,
            CancellationToken cancellationToken = default
        )
        {
            var count = await stream.ReadAsync(buffer, cancellationToken);
            read(count);
            return count;
        }

        public override ValueTask WriteAsync(
            ReadOnlyMemory<byte> buffer,
            CancellationToken cancellationToken = default
        ) => stream.WriteAsync(buffer, cancellationToken);

        public override void Flush() => stream.Flush();

        public override Task FlushAsync(CancellationToken cancellationToken) =>
            stream.FlushAsync(cancellationToken);

        public override int Read(byte[] buffer, int offset, int count) =>
            throw new NotSupportedException();

        public override void Write(byte[] buffer, int offset, int count) =>
            throw new NotSupportedException();

        public override long Seek(long offset, SeekOrigin origin) =>
            throw new NotSupportedException();

        public override void SetLength(long value) => throw new NotSupportedException();

        protected override void Dispose(bool disposing)
        {
            stream.Dispose();
            base.Dispose(disposing);
        }
    }
}

/// <summary>A network in which nothing answers at once: for tests of what would be dialled.</summary>
internal sealed class RefusingDialer : IDialer
{
    public ValueTask<Stream> DialAsync(IPEndPoint target, CancellationToken cancellationToken) =>
        ValueTask.FromException<Stream>(
            new System.Net.Sockets.SocketException(
                (int)System.Net.Sockets.SocketError.ConnectionRefused
            )
        );
}
