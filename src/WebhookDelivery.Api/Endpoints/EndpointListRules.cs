using FluentValidation;
using WebhookDelivery.Core;

namespace WebhookDelivery.Api;

/// <summary>
/// What the lists of an endpoint may hold. Each item is judged on its own, so that one answer names
/// every faulty one; the whole is judged when its items are good.
/// </summary>
internal static class EndpointListRules
{
    public static void CheckEventTypes<T>(
        IReadOnlyList<string>? patterns,
        ValidationContext<T> context
    ) =>
        Check(
            "event_types",
            patterns,
            EventTypeFilter.PatternsMax,
            $"Must be 1 to {EventTypeFilter.TypeLengthMax} printable ASCII characters; * may stand for one whole segment, ** for the rest.",
            list => (EventTypeFilter.Parse(list, out var fault), fault).fault,
            context
        );

    public static void CheckSchedule(
        IReadOnlyList<string>? waits,
        ValidationContext<EndpointFields> context
    ) =>
        Check(
            "retry_schedule",
            waits,
            RetrySchedule.WaitsMax,
            "Must be a whole number followed by ms, s, m, h or d, such as \"5m\", above 0 and at most 7d.",
            list => (RetrySchedule.Parse(list, out var fault), fault).fault,
            context
        );

    private static void Check<T>(
        string member,
        IReadOnlyList<string>? items,
        int itemsMax,
        string itemFault,
        Func<IReadOnlyList<string>, string?> findFault,
        ValidationContext<T> context
    )
    {
        if (items is null)
        {
            return;
        }

        if (items.Count > itemsMax)
        {
            context.AddFailure(member, $"May have at most {itemsMax} items.");
            return;
        }

        var good = true;
        for (var i = 0; i < items.Count; i++)
        {
            if (findFault([items[i]]) is not null)
            {
                context.AddFailure($"{member}[{i}]", itemFault);
                good = false;
            }
        }

        if (good && findFault(items) is { } fault)
        {
            context.AddFailure(member, fault);
        }
    }
}
