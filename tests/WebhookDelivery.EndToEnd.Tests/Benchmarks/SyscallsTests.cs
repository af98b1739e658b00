using WebhookDelivery.Benchmarks;

namespace WebhookDelivery.EndToEnd.Tests;

public sealed class SyscallsTests
{
    [Fact]
    public void Parse_TableOfStrace_ReadsCallsWithAndWithoutErrors()
    {
        const string table = """
            strace: Process 4711 attached
            % time     seconds  usecs/call     calls    errors syscall
            ------ ----------- ----------- --------- --------- ----------------
             62.50    0.125000          12     10310       120 recvfrom
             37.50    0.075000          15      5000           sendto
            ------ ----------- ----------- --------- --------- ----------------
            100.00    0.200000          13     15310       120 total
            """;

        var calls = Syscalls.Parse(table.Split('\n'));

        Assert.Equal(2, calls.Count);
        Assert.Equal(10310, calls["recvfrom"]);
        Assert.Equal(5000, calls["sendto"]);
    }
}
