using System.Runtime.CompilerServices;
using System.Security.Cryptography.X509Certificates;
using Microsoft.Extensions.Logging;
using Polly;
using WebhookDelivery.Core;

namespace WebhookDelivery.Http;

/// <summary>
/// Sends webhooks over HTTP/1.1. Thread-safe; one instance serves all endpoints.
/// <list type="number">
/// <item>The endpoint's breaker: open means postponed, and nothing else happens.</item>
/// <item>The URL's scheme, port and host are judged again: the options may have changed.</item>
/// <item>One exchange under the deadline. A new connection resolves and judges the host.</item>
/// <item>The head of the response decides the outcome, and feeds the breaker.</item>
/// <item>Headers and body are read within limits for the record; it changes nothing.</item>
/// </list>
/// </summary>
public sealed class WebhookSender : IWebhookSender, IDisposable
{
    private readonly HttpSenderOptions _options;
    private readonly EndpointUrlPolicy _urls;
    private readonly TimeProvider _timeProvider;
    private readonly ILogger _logger;
    private readonly EndpointBreakers _breakers;
    private readonly RequestMessages _messages;
    private readonly HttpMessageInvoker _http;
    private readonly Func<
        ResilienceContext,
        WebhookRequest,
        ValueTask<Outcome<ResponseHead>>
    > _exchange;

    /// <summary>Makes a sender with its own connections.</summary>
    /// <param name="options">What is allowed, and the limits.</param>
    /// <param name="resolver">Finds the addresses of hosts.</param>
    /// <param name="timeProvider">The clock of deadlines, breakers and dates.</param>
    /// <param name="logger">Where to log.</param>
    /// <exception cref="ArgumentException">The options have faults; the message lists them.</exception>
    public WebhookSender(
        HttpSenderOptions options,
        IHostResolver resolver,
        TimeProvider timeProvider,
        ILogger<WebhookSender> logger
    )
        : this(options, resolver, timeProvider, logger, new SocketDialer(), trustedRoots: null) { }

    internal WebhookSender(
        HttpSenderOptions options,
        IHostResolver resolver,
        TimeProvider timeProvider,
        ILogger logger,
        IDialer dialer,
        X509Certificate2Collection? trustedRoots
    )
    {
        if (options.Faults() is { Count: > 0 } faults)
        {
            throw new ArgumentException(string.Join(' ', faults), nameof(options));
        }

        var addresses = new AddressPolicy(options.AllowedNetworks);
        _options = options;
        _urls = new EndpointUrlPolicy(options, addresses, resolver, timeProvider);
        _timeProvider = timeProvider;
        _logger = logger;
        _breakers = new EndpointBreakers(options, timeProvider, logger);
        _messages = new RequestMessages($"WebhookDelivery/{options.Version}");
        _http = new HttpMessageInvoker(
            Handlers.Make(options, addresses, resolver, dialer, timeProvider, trustedRoots)
        );
        _exchange = ExchangeAsync;
    }

    /// <summary>How many breakers are kept now.</summary>
    internal int BreakerCount => _breakers.Count;

    /// <inheritdoc/>
    public DateTimeOffset? PostponedUntil(EndpointKey endpoint, DateTimeOffset now) =>
        now + _breakers.Find(endpoint)?.PostponedFor();

    /// <inheritdoc/>
    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    public async ValueTask<SendResult> SendAsync(
        WebhookRequest request,
        CancellationToken cancellationToken
    )
    {
        var breaker = _breakers.Of(request.Endpoint);
        if (breaker.PostponedFor() is { } left)
        {
            return new SendResult.Postponed(_timeProvider.GetUtcNow() + left);
        }

        if (!_urls.Permits(request.Url))
        {
            return Attempted(request, new(ReasonCode.BlockedAddress), TimeSpan.Zero, default);
        }

        var started = _timeProvider.GetTimestamp();
        var noted = breaker.Noted;
        var context = ResilienceContextPool.Shared.Get(cancellationToken);
        var outcome = await breaker.ExecuteAsync(_exchange, context, request);
        ResilienceContextPool.Shared.Return(context);
        if (breaker.HeadOf(outcome, noted, cancellationToken) is not { } head)
        {
            return new SendResult.Postponed(
                _timeProvider.GetUtcNow() + (breaker.PostponedFor() ?? EndpointBreaker.ProbePause)
            );
        }

        using var response = head.Response;
        var duration = _timeProvider.GetElapsedTime(started);
        var excerpt = response is null
            ? default
            : await ReadExcerptAsync(response, request.Timeout - duration, cancellationToken);
        return Attempted(request, head, duration, excerpt);
    }

    /// <summary>Closes all connections. Exchanges under way fail.</summary>
    public void Dispose() => _http.Dispose();

    /// <summary>
    /// Runs inside the breaker, and throws nothing. Once the handler has returned a response, the
    /// payload has been sent and the request is done with.
    /// </summary>
    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    private async ValueTask<Outcome<ResponseHead>> ExchangeAsync(
        ResilienceContext context,
        WebhookRequest request
    )
    {
        var caller = context.CancellationToken;
        using var deadline = Deadline.Start(request.Timeout, _timeProvider, caller);
        try
        {
            using var message = _messages.Make(request);
            var response = await _http.SendAsync(message, deadline.Token);
            return Outcome.FromResult(ResponseHead.Of(response, _timeProvider.GetUtcNow()));
        }
        // Whatever breaks once the caller has given up broke because of that.
        catch (Exception failure) when (caller.IsCancellationRequested)
        {
            return Outcome.FromException<ResponseHead>(
                failure as OperationCanceledException ?? new OperationCanceledException(caller)
            );
        }
        // The deadline; or, cancelled without it, the handler's own limit on connecting, which is no
        // shorter.
        catch (Exception failure)
            when (failure is OperationCanceledException || deadline.Token.IsCancellationRequested)
        {
            return Outcome.FromResult(new ResponseHead(ReasonCode.Timeout));
        }
        // A hostile response may find a fault in a parser; it must not stop anybody's deliveries.
        catch (Exception failure) when (failure is not ObjectDisposedException)
        {
            return Outcome.FromResult(new ResponseHead(Reason(request, failure)));
        }
    }

    private ReasonCode Reason(WebhookRequest request, Exception failure)
    {
        if (failure is not (HttpRequestException or IOException))
        {
            Log.UnexpectedFailure(_logger, failure.GetType().Name, request.Url.IdnHost);
        }

        return FailureReasons.Of(failure);
    }

    private ValueTask<ReadOnlyMemory<byte>> ReadExcerptAsync(
        HttpResponseMessage response,
        TimeSpan timeLeft,
        CancellationToken cancellationToken
    ) =>
        ResponseExcerpt.ReadAsync(
            response,
            _options.ResponseBodyBytesMax,
            timeLeft < _options.ResponseBodyTimeMax ? timeLeft : _options.ResponseBodyTimeMax,
            _timeProvider,
            cancellationToken
        );

    private SendResult.Attempted Attempted(
        WebhookRequest request,
        ResponseHead head,
        TimeSpan duration,
        ReadOnlyMemory<byte> excerpt
    )
    {
        if (head.Reason == ReasonCode.BlockedAddress)
        {
            Log.AddressBlocked(
                _logger,
                request.Endpoint.TenantId,
                request.Endpoint.EndpointId,
                request.Url.IdnHost
            );
        }

        return new SendResult.Attempted(
            new AttemptOutcome
            {
                Reason = head.Reason,
                StatusCode = (int?)head.Response?.StatusCode,
                RetryAfter = head.RetryAfter,
                Duration = duration,
                ResponseExcerpt = excerpt,
                ResponseHeaders = head.Response is { } response
                    ? RecordedHeaders.Read(response)
                    : ResponseHeaders.None,
                Directives = head.Directives,
            }
        );
    }
}
