using System.Globalization;
using Microsoft.AspNetCore.Http;
using WebhookDelivery.Core;

namespace WebhookDelivery.Api;

/// <summary>
/// Reads the parameters of a list one by one and collects every fault on the way; what is absent or
/// faulty reads as null. Parameters that nobody asks for are ignored.
/// </summary>
internal sealed class QueryReader(IQueryCollection query)
{
    public const int LimitMax = 100;
    public const int LimitDefault = 50;

    private readonly List<KeyValuePair<string, string>> _filters = [];

    /// <summary>What was wrong so far.</summary>
    public Faults Faults { get; } = new();

    /// <summary>The filters read so far, as they were given.</summary>
    public IReadOnlyList<KeyValuePair<string, string>> Filters => _filters;

    public DeliveryStatus? DeliveryStatus(string name)
    {
        if (Filter(name) is not { } text)
        {
            return null;
        }

        if (DeliveryStatusCodes.TryParse(text, out var status))
        {
            return status;
        }

        var codes = Enum.GetValues<DeliveryStatus>().Select(each => each.ToCode());
        Faults.Add(name, $"Must be one of {string.Join(", ", codes)}.");
        return null;
    }

    /// <summary>One event type. A pattern is refused: compared as it stands, it would find nothing.</summary>
    public string? EventType(string name)
    {
        var text = Filter(name);
        if (text is not null && text.Contains('*', StringComparison.Ordinal))
        {
            Faults.Add(
                name,
                "Must be one event type, not a pattern. GET /v1/deliveries and GET /v1/dead-letters take patterns."
            );
        }
        else if (text is not null && !EventTypeFilter.IsType(text))
        {
            Faults.Add(name, "Must be an event type.");
        }

        return text;
    }

    /// <summary>Several names of statuses, joined by commas; empty for none.</summary>
    public IReadOnlySet<DeliveryStatus> DeliveryStatuses(string name) =>
        Several<DeliveryStatus>(
            name,
            DeliveryStatusCodes.TryParse,
            OneOfAttribute.DeliveryStatuses
        );

    /// <summary>Several names of reasons, joined by commas; empty for none.</summary>
    public IReadOnlySet<ReasonCode> Reasons(string name) =>
        Several<ReasonCode>(name, ReasonCodes.TryParse, OneOfAttribute.Reasons);

    /// <summary>A pattern of event types; every type if it is absent.</summary>
    public EventTypeFilter EventTypes(string name)
    {
        var fault = default(string);
        var filter = Filter(name) is { } pattern
            ? EventTypeFilter.Parse([pattern], out fault)
            : EventTypeFilter.All;
        if (fault is not null)
        {
            Faults.Add(
                name,
                "Must be an event type; * may stand for one whole segment, ** for the rest."
            );
        }

        return filter ?? EventTypeFilter.All;
    }

    public EndpointId? EndpointId(string name)
    {
        if (Filter(name) is not { } text)
        {
            return null;
        }

        if (Core.EndpointId.TryParse(text, out var id))
        {
            return id;
        }

        Faults.Add(name, "Must be an endpoint's id (ep_…) or external id.");
        return null;
    }

    public DateTimeOffset? Time(string name)
    {
        if (Filter(name) is not { } text)
        {
            return null;
        }

        if (Rfc3339.TryParse(text, out var time))
        {
            return time;
        }

        Faults.Add(name, Rfc3339.Fault + " In an address, + is written %2B.");
        return null;
    }

    public void RefuseEmptySpan(DateTimeOffset? since, DateTimeOffset? until)
    {
        if (since > until)
        {
            Faults.Add("since", "Must not be after until.");
        }
    }

    /// <summary>Items per page: 1–100, default 50.</summary>
    public int Limit()
    {
        if (Single("limit") is not { } text)
        {
            return LimitDefault;
        }

        if (
            int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var limit)
            && limit is >= 1 and <= LimitMax
        )
        {
            return limit;
        }

        Faults.Add("limit", $"Must be a whole number from 1 to {LimitMax}.");
        return LimitDefault;
    }

    /// <summary>Where the last page ended; null for the first page.</summary>
    /// <param name="binding">The list and filters that the cursor must belong to.</param>
    /// <param name="positionBytes">How long a position of the list is; null if that varies.</param>
    public byte[]? Cursor(Cursor binding, int? positionBytes)
    {
        if (Single("cursor") is not { } text)
        {
            return null;
        }

        var position = binding.Read(text, positionBytes);
        if (position is null)
        {
            RefuseCursor();
        }

        return position;
    }

    public void RefuseCursor() =>
        Faults.Add("cursor", "Is not a cursor of this list with these filters.");

    private delegate bool Parse<T>(string? text, out T value);

    private HashSet<T> Several<T>(string name, Parse<T> parse, IReadOnlyList<string> codes)
    {
        var values = new HashSet<T>();
        foreach (var text in Filter(name)?.Split(',') ?? [])
        {
            if (!parse(text, out var value))
            {
                Faults.Add(name, $"Each must be one of {string.Join(", ", codes)}.");
                return values;
            }

            values.Add(value);
        }

        return values;
    }

    private string? Filter(string name)
    {
        var text = Single(name);
        if (text is not null)
        {
            _filters.Add(new(name, text));
        }

        return text;
    }

    private string? Single(string name)
    {
        if (!query.TryGetValue(name, out var values))
        {
            return null;
        }

        if (values.Count > 1)
        {
            Faults.Add(name, "Is given more than once.");
        }

        return values.Count == 1 ? values[0] : null;
    }
}
