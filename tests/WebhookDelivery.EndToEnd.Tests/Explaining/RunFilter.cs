namespace WebhookDelivery.EndToEnd.Tests;

/// <summary>What an endpoint takes: as it is told to the API, and as the ledger judges it by itself.</summary>
/// <param name="Types">The member `event_types`, as JSON.</param>
/// <param name="TakesType">Whether an event of this type passes it.</param>
internal sealed record RunFilter(string Types, Func<string?, bool> TakesType)
{
    /// <summary>Takes everything.</summary>
    public static RunFilter All { get; } = new("[]", _ => true);

    private static readonly RunFilter[] s_byType =
    [
        All,
        new("""["order.created"]""", type => type is "order.created"),
        new("""["order.*"]""", type => type is "order.created" or "order.paid"),
        new(
            """["*.paid","user.joined"]""",
            type => type is "order.paid" or "bill.paid" or "user.joined"
        ),
        new("""["**"]""", type => type is not null),
        new("""["bill.**"]""", type => type is "bill.paid" or "bill.item.added"),
    ];

    /// <summary>The types that events have.</summary>
    public static IReadOnlyList<string?> EventTypes { get; } =
    ["order.created", "order.paid", "bill.paid", "bill.item.added", "user.joined", null];

    /// <summary>One of some.</summary>
    public static RunFilter Pick(Random random) => s_byType[random.Next(s_byType.Length)];

    /// <summary>The members that set it, as JSON.</summary>
    public string Members => $"\"event_types\":{Types}";

    /// <summary>Why an event does not pass, as explain says it; null if it passes.</summary>
    public string? Refusal(RunEvent posted) => TakesType(posted.Type) ? null : "filtered_by_type";
}
