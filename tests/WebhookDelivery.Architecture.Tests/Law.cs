namespace WebhookDelivery.Architecture.Tests;

internal static class Law
{
    /// <summary>Fails with every fault at once, and with the reason for which the law exists.</summary>
    public static void Holds(IEnumerable<string> faults, string because)
    {
        var found = faults.Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal).ToList();
        if (found.Count > 0)
        {
            Assert.Fail($"{because}\n  - {string.Join("\n  - ", found)}");
        }
    }
}
