using FluentValidation.Results;

namespace WebhookDelivery.Api;

/// <summary>
/// Collects the faults of one request, by member or parameter, in the order found: each once, and of more than
/// <see cref="FaultsMax"/> the first, so that neither an answer nor the work for it grows with what is wrong.
/// </summary>
internal sealed class Faults
{
    /// <summary>Most faults that one answer tells, inclusive.</summary>
    public const int FaultsMax = 100;

    /// <summary>Where an answer says that there may be more than it tells.</summary>
    private const string Everywhere = "*";

    private readonly Dictionary<string, List<string>> _byMember = new(StringComparer.Ordinal);
    private int _found;

    public bool Any => _byMember.Count > 0;

    /// <summary>Whether no further fault is kept; then there is no use in reading on.</summary>
    public bool IsFull => _found > FaultsMax;

    /// <summary>Adds a fault, unless it is there already or they are full.</summary>
    public void Add(string member, string fault)
    {
        // Repeated ones count too: to find each of them is work.
        _found++;
        if (_found > FaultsMax)
        {
            Tell(Everywhere, $"Has many faults: only those among the first {FaultsMax} are told.");
        }
        else
        {
            Tell(member, fault);
        }
    }

    /// <summary>Adds a fault after which nothing more is read, so that what comes later may be wrong too.</summary>
    public void AddLast(string fault)
    {
        _found = FaultsMax + 1;
        Tell(Everywhere, fault);
    }

    /// <summary>
    /// Adds what a validator found, except of members that could not even be read: the validator
    /// saw those as absent.
    /// </summary>
    public void AddRange(ValidationResult result)
    {
        var unreadable = _byMember.Keys.Select(Root).ToHashSet(StringComparer.Ordinal);
        foreach (var failure in result.Errors)
        {
            if (IsFull)
            {
                return;
            }

            if (!unreadable.Contains(Root(failure.PropertyName)))
            {
                Add(failure.PropertyName, failure.ErrorMessage);
            }
        }
    }

    /// <summary>The answer that tells them.</summary>
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
            Errors = _byMember.ToDictionary(
                member => member.Key,
                IReadOnlyList<string> (member) => member.Value,
                StringComparer.Ordinal
            ),
        };
    }

    private void Tell(string member, string fault)
    {
        if (!_byMember.TryGetValue(member, out var told))
        {
            _byMember[member] = told = [];
        }

        if (!told.Contains(fault, StringComparer.Ordinal))
        {
            told.Add(fault);
        }
    }

    /// <summary>The member itself of <c>headers.X</c> or <c>event_types[2]</c>.</summary>
    private static string Root(string member)
    {
        var end = member.AsSpan().IndexOfAny('.', '[');
        return end < 0 ? member : member[..end];
    }
}
