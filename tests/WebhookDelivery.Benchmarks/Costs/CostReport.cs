namespace WebhookDelivery.Benchmarks;

/// <summary>Prints what events cost, in plain text.</summary>
internal static class CostReport
{
    public static void Heading(TextWriter to, int events)
    {
        to.WriteLine(
            "aws: requests and units per delivered event, one endpoint, no idempotency key"
        );
        to.WriteLine(
            $"  {events} events a row; a server under {CostWorkload.Busy} connections, functions with"
                + " one request each and full batches; the last row one event at a time"
        );
        to.WriteLine(
            $"  {"host", -11}{"payload", 8}  {"outcome", -14}{"calls", 6}{"write", 7}{"read", 6}{"send", 7}"
                + $"{"receive", 9}{"delete", 8}{"S3", 5}{"SQS billed", 12}{"write units", 13}{"read units", 12}"
        );
    }

    public static void Row(TextWriter to, CostRow row) =>
        to.WriteLine(
            $"  {Host(row), -11}{row.Workload.Size, 8}  {row.Workload.Outcome, -14}{row.AllCalls, 6:0.00}"
                + $"{row.Writes, 7:0.00}{row.Reads, 6:0.00}{row.Sends, 7:0.00}{row.Receives, 9:0.00}"
                + $"{row.Deletes, 8:0.00}{row.S3Requests, 5:0.0}{row.SqsBilled, 12:0.00}"
                + $"{row.WriteUnits, 13:0.0}{row.ReadUnits, 12:0.0}"
        );

    public static void Standing(TextWriter to, StandingCosts standing)
    {
        to.WriteLine("  whether or not there are events:");
        to.WriteLine($"    sweeper, a minute            {Requests(standing.Sweep)}");
        to.WriteLine(
            $"    a tenant and its key, read   {Requests(standing.Reload)}, at most"
                + $" {StandingCosts.ReloadsMax} times a minute and process, while it has events"
        );
        to.WriteLine(
            $"    statistics of a tenant       {Requests(standing.Flush)}, {standing.Flush.Sum(call => call.WriteUnits):0.#} write units, at most"
                + $" {StandingCosts.FlushesMax} times a minute and process, while it has events; a function's every batch that is not full"
        );
        to.WriteLine(
            $"    empty polls, a minute        {StandingCosts.ServerPolls} of a server,"
                + $" {StandingCosts.EventSourcePolls} of an event source (computed)"
        );
        to.WriteLine();
    }

    private static string Host(CostRow row) =>
        row.Workload switch
        {
            { OneByOne: true } => "one by one",
            { Host: CostHost.Server } => "server",
            _ => "functions",
        };

    private static string Requests(IReadOnlyList<AwsCall> calls)
    {
        var operations = calls
            .GroupBy(call => call.Operation, StringComparer.Ordinal)
            .Select(group => $"{group.Count()} {group.Key}");
        return $"{string.Join(", ", operations)}: {calls.Sum(call => call.ReadUnits):0.#} read units";
    }
}
