using System.Runtime.CompilerServices;
using Polly;
using Polly.CircuitBreaker;
using Polly.Timeout;
using WebhookDelivery.Core;

namespace WebhookDelivery.Http;

/// <summary>
/// One endpoint's pipeline: circuit breaker around deadline. Beside it stands a copy of the time until
/// which the breaker is open, so that asking costs a read. Thread-safe.
/// </summary>
internal sealed class EndpointBreaker
{
    /// <summary>
    /// How long others wait while a probe is under way: short, as its answer frees them all.
    /// </summary>
    public static readonly TimeSpan ProbePause = TimeSpan.FromSeconds(1);

    private static readonly ResiliencePropertyKey<WebhookRequest> RequestKey = new("request");

    private readonly CircuitBreakerStateProvider _state = new();
    private readonly ResiliencePipeline<ResponseHead> _pipeline;
    private readonly TimeProvider _timeProvider;
    private long _postponedUntilTicks;
    private long _lastUsedTicks;

    public EndpointBreaker(HttpSenderOptions options, TimeProvider timeProvider, BreakerLog log)
    {
        _timeProvider = timeProvider;
        _pipeline = new ResiliencePipelineBuilder<ResponseHead> { TimeProvider = timeProvider }
            .AddCircuitBreaker(
                new CircuitBreakerStrategyOptions<ResponseHead>
                {
                    FailureRatio = options.BreakerFailureRatio,
                    MinimumThroughput = options.BreakerThroughputMin,
                    SamplingDuration = options.BreakerSampling,
                    BreakDuration = options.BreakDuration,
                    StateProvider = _state,
                    ShouldHandle = arguments => new ValueTask<bool>(IsFailure(arguments.Outcome)),
                    OnOpened = arguments =>
                    {
                        PostponeFor(arguments.BreakDuration);
                        log.Opened(arguments.BreakDuration);
                        return default;
                    },
                    OnHalfOpened = _ =>
                    {
                        PostponeFor(ProbePause);
                        return default;
                    },
                    OnClosed = _ =>
                    {
                        Volatile.Write(ref _postponedUntilTicks, 0);
                        log.Closed();
                        return default;
                    },
                }
            )
            .AddTimeout(
                new TimeoutStrategyOptions
                {
                    TimeoutGenerator = static arguments => new ValueTask<TimeSpan>(
                        arguments.Context.Properties.GetValue(RequestKey, null!).Timeout
                    ),
                }
            )
            .Build();
    }

    /// <summary>When it was last used, in UTC ticks; for forgetting the idle.</summary>
    public long LastUsedTicks => Volatile.Read(ref _lastUsedTicks);

    /// <summary>Whether it is open or probing.</summary>
    public bool IsOpen => Volatile.Read(ref _postponedUntilTicks) != 0;

    /// <summary>Notes that it is in use.</summary>
    public void Touch(DateTimeOffset now) => Volatile.Write(ref _lastUsedTicks, now.UtcTicks);

    /// <summary>When a request may go; null if one may now, be it as a probe.</summary>
    public DateTimeOffset? PostponedUntil(DateTimeOffset now)
    {
        var until = Volatile.Read(ref _postponedUntilTicks);
        return until > now.UtcTicks ? new DateTimeOffset(until, TimeSpan.Zero) : null;
    }

    /// <summary>
    /// Runs an exchange under the deadline. Null, with nothing sent, if the breaker is open or a probe
    /// is under way; <see cref="PostponedUntil"/> says until when.
    /// </summary>
    /// <exception cref="OperationCanceledException">The caller gave up.</exception>
    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    public async ValueTask<ResponseHead?> ExecuteAsync(
        WebhookRequest request,
        Func<ResilienceContext, WebhookRequest, ValueTask<Outcome<ResponseHead>>> exchange,
        CancellationToken cancellationToken
    )
    {
        var seen = Volatile.Read(ref _postponedUntilTicks);
        var context = ResilienceContextPool.Shared.Get(cancellationToken);
        context.Properties.Set(RequestKey, request);
        var outcome = await _pipeline.ExecuteOutcomeAsync(exchange, context, request);
        ResilienceContextPool.Shared.Return(context);
        switch (outcome.Exception)
        {
            case null:
                return outcome.Result;
            case TimeoutRejectedException:
                return new ResponseHead(ReasonCode.Timeout);
            case BrokenCircuitException:
                PostponeAgain(seen);
                return null;
            default:
                cancellationToken.ThrowIfCancellationRequested();
                outcome.ThrowIfException();
                return null;
        }
    }

    /// <summary>
    /// A probe that the caller gave up has shown nothing, so it must not close the breaker; while the
    /// breaker is closed, giving up is nobody's failure.
    /// </summary>
    private bool IsFailure(Outcome<ResponseHead> outcome) =>
        outcome.Exception switch
        {
            null => outcome.Result.IsBreakerFailure,
            TimeoutRejectedException => true,
            _ => _state.CircuitState == CircuitState.HalfOpen,
        };

    private void PostponeFor(TimeSpan wait) =>
        Volatile.Write(ref _postponedUntilTicks, _timeProvider.GetUtcNow().UtcTicks + wait.Ticks);

    /// <summary>Only if nothing changed in between: the probe's answer goes first.</summary>
    private void PostponeAgain(long seen) =>
        Interlocked.CompareExchange(
            ref _postponedUntilTicks,
            _timeProvider.GetUtcNow().UtcTicks + ProbePause.Ticks,
            seen
        );
}
