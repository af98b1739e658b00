namespace WebhookDelivery.EndToEnd.Tests;

/// <summary>What an endpoint takes: as it is told to the API, and as the ledger judges it by itself.</summary>
/// <param name="Types">The member `event_types`, as JSON.</param>
/// <param name="TakesType">Whether an event of this type passes it.</param>
/// <param name="Payload">The member `filter`, as JSON.</param>
/// <param name="TakesNumber">Whether an event with this `n` in its payload passes that.</param>
internal sealed record RunFilter(
    string Types,
    Func<string?, bool> TakesType,
    string Payload,
    Func<int, bool> TakesNumber
)
{
    /// <summary>Takes everything.</summary>
    public static RunFilter All { get; } = new("[]", _ => true, "null", _ => true);

    private static readonly (string Types, Func<string?, bool> Takes)[] s_byType =
    [
        ("[]", _ => true),
        ("""["order.created"]""", type => type is "order.created"),
        ("""["order.*"]""", type => type is "order.created" or "order.paid"),
        (
            """["*.paid","user.joined"]""",
            type => type is "order.paid" or "bill.paid" or "user.joined"
        ),
        ("""["**"]""", type => type is not null),
        ("""["bill.**"]""", type => type is "bill.paid" or "bill.item.added"),
    ];

    private static readonly (string Filter, Func<int, bool> Takes)[] s_byPayload =
    [
        ("null", _ => true),
        ("null", _ => true),
        ("null", _ => true),
        ("""{"field":"n","gte":4}""", n => n >= 4),
        ("""{"not":{"field":"n","in":[1,2,3]}}""", n => n is not (1 or 2 or 3)),
        (
            """{"or":[{"field":"n","lt":2},{"and":[{"field":"n","exists":true},{"field":"n","equals":7}]}]}""",
            n => n is < 2 or 7
        ),
    ];

    /// <summary>The types that events have.</summary>
    public static IReadOnlyList<string?> EventTypes { get; } =
    ["order.created", "order.paid", "bill.paid", "bill.item.added", "user.joined", null];

    /// <summary>One of some.</summary>
    public static RunFilter Pick(Random random)
    {
        var (types, takesType) = s_byType[random.Next(s_byType.Length)];
        var (filter, takesNumber) = s_byPayload[random.Next(s_byPayload.Length)];
        return new RunFilter(types, takesType, filter, takesNumber);
    }

    /// <summary>The members that set it, as JSON.</summary>
    public string Members => $"\"event_types\":{Types},\"filter\":{Payload}";

    /// <summary>Why an event does not pass, as explain says it; null if it passes.</summary>
    public string? Refusal(RunEvent posted) =>
        !TakesType(posted.Type) ? "filtered_by_type"
        : !TakesNumber(posted.Number) ? "filtered_by_payload"
        : null;
}
