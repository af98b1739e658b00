namespace WebhookDelivery.Benchmarks;

/// <summary>What the sink is to count.</summary>
/// <param name="Events">How many distinct ids make the count complete.</param>
/// <param name="First">At how many of them the rate's time begins; it ends at 95 %.</param>
/// <param name="SenderPid">The process that sends: its CPU time is read at both marks; 0 for none.</param>
/// <param name="HelperPid">A process that the sender cannot do without, read the same way.</param>
internal sealed record SinkExpectation(int Events, int First, int SenderPid, int HelperPid);
