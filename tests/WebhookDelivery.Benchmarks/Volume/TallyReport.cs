namespace WebhookDelivery.Benchmarks;

/// <summary>What all receivers have seen.</summary>
/// <param name="Ticks">When, in ticks of the stopwatch, which all processes of a machine share.</param>
/// <param name="Receivers">Each receiver that was ever named.</param>
internal sealed record TallyReport(long Ticks, IReadOnlyList<ReceiverCount> Receivers)
{
    /// <summary>Distinct ids of the receivers that answer, each receiver counted for itself.</summary>
    public long Distinct(Func<string, bool> answers) =>
        Receivers.Where(one => answers(one.Name)).Sum(one => one.Distinct);

    /// <summary>Their requests beyond the distinct ones.</summary>
    public long Duplicates(Func<string, bool> answers) =>
        Receivers.Where(one => answers(one.Name)).Sum(one => one.Requests - one.Distinct);

    /// <summary>Requests that are kept waiting now.</summary>
    public long Waiting => Receivers.Sum(one => one.Waiting);
}
