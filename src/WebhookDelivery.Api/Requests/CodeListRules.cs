using FluentValidation;

namespace WebhookDelivery.Api;

/// <summary>What a list of names may hold of which the API knows every one.</summary>
internal static class CodeListRules
{
    /// <summary>
    /// Adds a fault for each item that is none of them, by its index. An empty list is one as well: it would
    /// take everything or nothing, and who sends it rarely knows which.
    /// </summary>
    public static void Check<T>(
        string member,
        IReadOnlyList<string>? items,
        IReadOnlyList<string> allowed,
        ValidationContext<T> context
    )
    {
        if (items is null)
        {
            return;
        }

        if (items.Count == 0 || items.Count > allowed.Count)
        {
            context.AddFailure(member, $"Must have 1 to {allowed.Count} items.");
            return;
        }

        for (var i = 0; i < items.Count; i++)
        {
            if (!allowed.Contains(items[i], StringComparer.Ordinal))
            {
                context.AddFailure(
                    $"{member}[{i}]",
                    $"Must be one of {string.Join(", ", allowed)}."
                );
            }
        }
    }
}
