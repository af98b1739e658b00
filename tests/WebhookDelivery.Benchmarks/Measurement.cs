namespace WebhookDelivery.Benchmarks;

/// <summary>What the parts of a run came to. They are independent: one that breaks off leaves the others.</summary>
internal sealed class Measurement(TextWriter to, CancellationToken breaking)
{
    private readonly List<RatioResult> _results = [];
    private bool _isVoid;

    /// <summary>Measures a part. Whatever breaks it off voids it, and it alone.</summary>
    /// <param name="name">The word on the command line.</param>
    /// <param name="targets">What it measures; the table has them even so.</param>
    /// <param name="measure">Measures it.</param>
    /// <exception cref="OperationCanceledException">The run is interrupted.</exception>
    public async Task AddAsync(
        string name,
        IReadOnlyList<RatioTarget> targets,
        Func<Task<IReadOnlyList<RatioResult>>> measure
    )
    {
        try
        {
            breaking.ThrowIfCancellationRequested();
            _results.AddRange(await measure());
        }
        // A server that dies under a run shows as any of many exceptions, and each voids the part.
        catch (Exception exception)
        {
            var reason = breaking.IsCancellationRequested ? "interrupted" : Reason(exception);
            await to.WriteLineAsync($"VOID: {name}: {reason}");
            await to.WriteLineAsync();
            _results.AddRange(targets.Select(target => RatioResult.Broken(target, reason)));
            _isVoid = true;
            breaking.ThrowIfCancellationRequested();
        }
    }

    /// <summary>Voids the run for a part that is in no table.</summary>
    public void Void() => _isVoid = true;

    /// <summary>Prints the table and judges.</summary>
    /// <returns>The exit code.</returns>
    public int Close()
    {
        if (_results.Count > 0)
        {
            RatioTable.Print(to, _results);
        }

        return _isVoid || _results.Exists(result => result.IsVoid) ? ExitCodes.Void
            : _results.TrueForAll(result => result.MeetsMust) ? ExitCodes.Passed
            : ExitCodes.Missed;
    }

    private static string Reason(Exception exception) =>
        exception is BrokenRunException
            ? exception.Message
            : $"{exception.GetType().Name}: {exception.Message}";
}
