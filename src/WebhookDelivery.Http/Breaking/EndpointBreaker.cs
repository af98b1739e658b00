using Polly;
using Polly.CircuitBreaker;
using WebhookDelivery.Core;

namespace WebhookDelivery.Http;

/// <summary>
/// One endpoint's circuit breaker. Beside it stands a copy of the time until which it is open, so that
/// asking costs a read. All of it goes by a clock that nobody sets. Thread-safe.
/// </summary>
internal sealed class EndpointBreaker
{
    /// <summary>
    /// How long others wait while a probe is under way: short, as its answer frees them all.
    /// </summary>
    public static readonly TimeSpan ProbePause = TimeSpan.FromSeconds(1);

    private readonly CircuitBreakerStateProvider _state = new();
    private readonly ResiliencePipeline<ResponseHead> _pipeline;
    private readonly SteadyTime _time;
    private long _postponedUntilTicks;
    private long _lastUsedTicks;

    public EndpointBreaker(HttpSenderOptions options, SteadyTime time, BreakerLog log)
    {
        _time = time;
        _pipeline = new ResiliencePipelineBuilder<ResponseHead> { TimeProvider = time }
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
            .Build();
    }

    /// <summary>When it was last used, in ticks of its clock; for forgetting the idle.</summary>
    public long LastUsedTicks => Volatile.Read(ref _lastUsedTicks);

    /// <summary>Whether it is open or probing.</summary>
    public bool IsOpen => Volatile.Read(ref _postponedUntilTicks) != 0;

    /// <summary>Notes that it is in use.</summary>
    public void Touch() => Volatile.Write(ref _lastUsedTicks, _time.GetUtcNow().UtcTicks);

    /// <summary>For how long no request may go; null if one may now, be it as a probe.</summary>
    public TimeSpan? PostponedFor()
    {
        var until = Volatile.Read(ref _postponedUntilTicks);
        return until != 0 && until - _time.GetUtcNow().UtcTicks is > 0 and var left
            ? TimeSpan.FromTicks(left)
            : null;
    }

    /// <summary>What the breaker had noted before an exchange; <see cref="HeadOf"/> wants it back.</summary>
    public long Noted => Volatile.Read(ref _postponedUntilTicks);

    /// <summary>Runs an exchange, unless the breaker is open or a probe is under way.</summary>
    /// <param name="exchange">Returns an outcome and throws nothing.</param>
    /// <param name="context">The caller's, for as long as this runs.</param>
    /// <param name="request">What the exchange is about.</param>
    public ValueTask<Outcome<ResponseHead>> ExecuteAsync(
        Func<ResilienceContext, WebhookRequest, ValueTask<Outcome<ResponseHead>>> exchange,
        ResilienceContext context,
        WebhookRequest request
    ) => _pipeline.ExecuteOutcomeAsync(exchange, context, request);

    /// <summary>
    /// What an execution came to; null if nothing was sent, and <see cref="PostponedFor"/> says for how
    /// long.
    /// </summary>
    /// <exception cref="OperationCanceledException">The caller gave up.</exception>
    public ResponseHead? HeadOf(
        Outcome<ResponseHead> outcome,
        long noted,
        CancellationToken cancellationToken
    )
    {
        switch (outcome.Exception)
        {
            case null:
                return outcome.Result;
            case BrokenCircuitException:
                PostponeAgain(noted);
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
        outcome.Exception is null
            ? outcome.Result.IsBreakerFailure
            : _state.CircuitState == CircuitState.HalfOpen;

    private void PostponeFor(TimeSpan wait) =>
        Volatile.Write(ref _postponedUntilTicks, _time.GetUtcNow().UtcTicks + wait.Ticks);

    /// <summary>Only if nothing changed in between: the probe's answer goes first.</summary>
    private void PostponeAgain(long noted) =>
        Interlocked.CompareExchange(
            ref _postponedUntilTicks,
            _time.GetUtcNow().UtcTicks + ProbePause.Ticks,
            noted
        );
}
