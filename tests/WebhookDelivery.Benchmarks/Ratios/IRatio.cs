namespace WebhookDelivery.Benchmarks;

/// <summary>One named ratio of the benchmark. A further one is a class and a line in <see cref="RatioList"/>.</summary>
internal interface IRatio
{
    RatioTarget Target { get; }

    /// <summary>What measuring it takes.</summary>
    Effort Effort(RunSettings settings);

    /// <summary>Measures it, telling each pair as it ends.</summary>
    /// <exception cref="BrokenRunException">The run broke off.</exception>
    Task<RatioResult> MeasureAsync(
        RunSettings settings,
        TextWriter progress,
        CancellationToken cancellationToken
    );
}
