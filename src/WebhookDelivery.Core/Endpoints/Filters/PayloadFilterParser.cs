using System.Runtime.InteropServices;
using System.Text;
using System.Text.Json;

namespace WebhookDelivery.Core;

/// <summary>
/// Reads one payload filter and collects the faults on the way, up to a number at which it stops; of use once.
/// </summary>
internal sealed class PayloadFilterParser
{
    private const string Form =
        "Must have either and, or or not alone, or a field with one operator.";
    private const string TextFault = "Must be a string.";

    /// <summary>Longest name of an unknown member that a fault repeats.</summary>
    private const int EchoedNameMax = 40;

    private readonly List<PayloadFilterFault> _faults = [];
    private int _conditions;

    /// <summary>What was wrong so far, in the order of the filter.</summary>
    public IReadOnlyList<PayloadFilterFault> Faults => _faults;

    /// <summary>Whether they end with the one that says that there are more.</summary>
    private bool IsFull => _faults.Count > PayloadFilter.FaultsMax;

    /// <summary>Reads the filter; null if a fault left nothing of it.</summary>
    public FilterNode? Parse(JsonElement element) => ReadNode(element, "", 1);

    private FilterNode? ReadNode(JsonElement element, string path, int depth)
    {
        if (depth > PayloadFilter.DepthMax)
        {
            return Refuse(path, $"May nest at most {PayloadFilter.DepthMax} deep.");
        }

        if (element.ValueKind != JsonValueKind.Object)
        {
            return Refuse(path, "Must be an object.");
        }

        if (ReadMembers(element, path) is not { } members)
        {
            return null;
        }

        var group = members.Keys.FirstOrDefault(name => name is "and" or "or" or "not");
        return true switch
        {
            _ when group is null => ReadCondition(members, path),
            _ when members.Count > 1 => Refuse(path, Form),
            _ when group == "not" => ReadNode(members[group], Join(path, group), depth + 1)
                is { } node
                ? new FilterNode.Not(node)
                : null,
            _ => ReadGroup(members[group], group, Join(path, group), depth),
        };
    }

    private FilterNode? ReadGroup(JsonElement element, string group, string path, int depth)
    {
        if (element.ValueKind != JsonValueKind.Array || element.GetArrayLength() == 0)
        {
            return Refuse(path, "Must be an array of one or more filters.");
        }

        var nodes = new List<FilterNode>();
        var count = element.GetArrayLength();
        var number = 0;
        foreach (var item in element.EnumerateArray())
        {
            if (_conditions > PayloadFilter.ConditionsMax || IsFull)
            {
                break;
            }

            if (ReadNode(item, $"{path}[{number++}]", depth + 1) is { } node)
            {
                nodes.Add(node);
            }
        }

        return nodes.Count < count ? null
            : group == "and" ? new FilterNode.All(nodes)
            : new FilterNode.Any(nodes);
    }

    private FilterCondition? ReadCondition(Dictionary<string, JsonElement> members, string path)
    {
        if (++_conditions > PayloadFilter.ConditionsMax)
        {
            if (_conditions == PayloadFilter.ConditionsMax + 1)
            {
                Refuse("", $"May have at most {PayloadFilter.ConditionsMax} conditions.");
            }

            return null;
        }

        var field = ReadField(members, path);
        var tests = new List<(string Name, FilterOperator Operator)>();
        string? unknown = null;
        foreach (var name in members.Keys.Where(name => name != "field"))
        {
            if (FilterOperators.TryParse(name, out var found))
            {
                tests.Add((name, found));
            }
            else
            {
                unknown ??= name;
            }
        }

        if (unknown is not null)
        {
            Refuse(Join(path, Shorten(unknown)), "Unknown member.");
        }

        if (tests.Count != 1)
        {
            Refuse(path, $"Must have one operator of {string.Join(", ", FilterOperators.Names)}.");
            return null;
        }

        var (member, test) = tests[0];
        var values = ReadOperand(test, members[member], Join(path, member));
        return field is null || values is null ? null : new FilterCondition(field, test, values);
    }

    private FieldPath? ReadField(Dictionary<string, JsonElement> members, string path)
    {
        if (!members.TryGetValue("field", out var element))
        {
            Refuse(path, Form);
            return null;
        }

        var at = Join(path, "field");
        if (ReadText(element, at) is not { } text)
        {
            return null;
        }

        var field = FieldPath.Parse(text, out var fault);
        if (fault is not null)
        {
            Refuse(at, fault);
        }

        return field;
    }

    private List<FilterValue>? ReadOperand(FilterOperator test, JsonElement element, string path)
    {
        if (test is FilterOperator.In or FilterOperator.NotIn)
        {
            return ReadValues(element, path);
        }

        var fault = test switch
        {
            FilterOperator.Exists
                when element.ValueKind is not (JsonValueKind.True or JsonValueKind.False) =>
                "Must be true or false.",
            FilterOperator.StartsWith when element.ValueKind != JsonValueKind.String => TextFault,
            FilterOperator.Greater
            or FilterOperator.GreaterOrEqual
            or FilterOperator.Less
            or FilterOperator.LessOrEqual
                when element.ValueKind is not (JsonValueKind.Number or JsonValueKind.String) =>
                "Must be a number or a string.",
            _ => null,
        };
        if (fault is not null)
        {
            Refuse(path, fault);
            return null;
        }

        return ReadValue(element, path) is { } value ? [value] : null;
    }

    private List<FilterValue>? ReadValues(JsonElement element, string path)
    {
        if (
            element.ValueKind != JsonValueKind.Array
            || element.GetArrayLength() is 0 or > PayloadFilter.ValuesMax
        )
        {
            Refuse(path, $"Must be an array of 1 to {PayloadFilter.ValuesMax} values.");
            return null;
        }

        var values = new List<FilterValue>();
        var number = 0;
        foreach (var item in element.EnumerateArray())
        {
            if (ReadValue(item, $"{path}[{number++}]") is { } value)
            {
                values.Add(value);
            }
        }

        return values.Count == number ? values : null;
    }

    private FilterValue? ReadValue(JsonElement element, string path)
    {
        switch (element.ValueKind)
        {
            case JsonValueKind.String:
                return ReadText(element, path) is { } text
                    ? new FilterValue(PayloadKind.Text, Encoding.UTF8.GetBytes(text), Show(element))
                    : null;
            case JsonValueKind.Number:
                var raw = JsonMarshal.GetRawUtf8Value(element);
                if (raw.Length <= PayloadFilter.TextLengthMax)
                {
                    return new FilterValue(PayloadKind.Number, raw.ToArray(), Show(element));
                }

                Refuse(path, $"May have at most {PayloadFilter.TextLengthMax} characters.");
                return null;
            case JsonValueKind.True:
                return new FilterValue(PayloadKind.True, [], "true");
            case JsonValueKind.False:
                return new FilterValue(PayloadKind.False, [], "false");
            case JsonValueKind.Null:
                return new FilterValue(PayloadKind.Null, [], "null");
            default:
                Refuse(path, "Must be a string, a number, true, false or null.");
                return null;
        }
    }

    private string? ReadText(JsonElement element, string path)
    {
        if (element.ValueKind != JsonValueKind.String)
        {
            Refuse(path, TextFault);
            return null;
        }

        if (Unicode(element.GetString) is not { } text)
        {
            Refuse(path, "Is not valid Unicode.");
            return null;
        }

        if (text.Length > PayloadFilter.TextLengthMax)
        {
            Refuse(path, $"May have at most {PayloadFilter.TextLengthMax} characters.");
            return null;
        }

        return text;
    }

    private Dictionary<string, JsonElement>? ReadMembers(JsonElement element, string path)
    {
        var members = new Dictionary<string, JsonElement>(StringComparer.Ordinal);
        foreach (var property in element.EnumerateObject())
        {
            if (Unicode(() => property.Name) is not { } name)
            {
                Refuse(path, "The name of a member is not valid Unicode.");
                return null;
            }

            if (!members.TryAdd(name, property.Value))
            {
                Refuse(Join(path, Shorten(name)), "Is given more than once.");
                return null;
            }
        }

        return members;
    }

    private FilterNode? Refuse(string path, string message)
    {
        if (!IsFull)
        {
            _faults.Add(
                _faults.Count < PayloadFilter.FaultsMax
                    ? new PayloadFilterFault(path, message)
                    : new PayloadFilterFault("", $"Has more than {PayloadFilter.FaultsMax} faults.")
            );
        }

        return null;
    }

    /// <summary>A text; null if it escapes half a surrogate pair, for which the framework throws.</summary>
    private static string? Unicode(Func<string?> read)
    {
        try
        {
            return read();
        }
        catch (InvalidOperationException)
        {
            return null;
        }
    }

    private static string Show(JsonElement element)
    {
        var raw = JsonMarshal.GetRawUtf8Value(element);
        return element.ValueKind == JsonValueKind.String
            ? new PayloadValue(PayloadKind.Text, raw[1..^1]).Show()
            : new PayloadValue(PayloadKind.Number, raw).Show();
    }

    private static string Join(string path, string member) =>
        path.Length == 0 ? member : $"{path}.{member}";

    private static string Shorten(string name) =>
        name.Length <= EchoedNameMax ? name : string.Concat(name.AsSpan(0, EchoedNameMax), "…");
}
