using FluentValidation.Results;

namespace WebhookDelivery.Api;

/// <summary>Collects every fault of one request, by member or parameter, in the order found.</summary>
internal sealed class Faults
{
    private readonly Dictionary<string, IReadOnlyList<string>> _byMember = new(
        StringComparer.Ordinal
    );

    public bool Any => _byMember.Count > 0;

    public void Add(string member, string fault) =>
        _byMember[member] = [.. _byMember.GetValueOrDefault(member, []), fault];

    /// <summary>
    /// Adds what a validator found, except of members that could not even be read: the validator
    /// saw those as absent.
    /// </summary>
    public void AddRange(ValidationResult result)
    {
        var unreadable = _byMember.Keys.Select(Root).ToHashSet(StringComparer.Ordinal);
        foreach (var failure in result.Errors)
        {
            if (!unreadable.Contains(Root(failure.PropertyName)))
            {
                Add(failure.PropertyName, failure.ErrorMessage);
            }
        }
    }

    /// <summary>The answer that tells them all.</summary>
    public Problem ToProblem()
    {
        var onlyCursor = _byMember.Count == 1 && _byMember.ContainsKey("cursor");
        return new Problem(
            onlyCursor ? ErrorCodes.InvalidCursor : ErrorCodes.ValidationFailed,
            onlyCursor
                ? "Use the next_cursor of the same list, with the same filters."
                : "See errors for what is wrong with each member."
        )
        {
            Errors = _byMember,
        };
    }

    /// <summary>The member itself of <c>headers.X</c> or <c>event_types[2]</c>.</summary>
    private static string Root(string member)
    {
        var end = member.AsSpan().IndexOfAny('.', '[');
        return end < 0 ? member : member[..end];
    }
}
