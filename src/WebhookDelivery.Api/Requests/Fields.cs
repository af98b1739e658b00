using System.Runtime.InteropServices;
using System.Text.Json;
using Microsoft.AspNetCore.Http;
using WebhookDelivery.Core;

namespace WebhookDelivery.Api;

/// <summary>
/// Reads the members of a JSON object one by one and collects every fault on the way. A member that
/// is absent or faulty reads as not given; null reads as given.
/// </summary>
internal sealed class Fields
{
    /// <summary>Longest name of an unknown member that an answer repeats.</summary>
    private const int EchoedNameMax = 100;

    /// <summary>Most members that are looked at, inclusive: more than any request and its faults have.</summary>
    private const int MembersMax = 2 * Faults.FaultsMax;

    private readonly Dictionary<string, JsonElement> _unread = new(StringComparer.Ordinal);

    /// <summary>The endpoint that the external id in a member stands for; null if there is none, or it is unknown whose.</summary>
    private EndpointId? _named;

    private Fields() { }

    /// <summary>What was wrong so far.</summary>
    public Faults Faults { get; } = new();

    /// <summary>An object without members.</summary>
    public static Fields None() => new();

    public static Fields Of(JsonElement root)
    {
        var fields = new Fields();
        foreach (var property in root.EnumerateObject())
        {
            if (!JsonText.TryReadName(property, out var name))
            {
                fields.Faults.Add("?", "The name of a member is not valid Unicode.");
            }
            else if (!fields._unread.TryAdd(name, property.Value))
            {
                fields.Faults.Add(Shorten(name), "Is given more than once.");
            }
            else if (fields._unread.Count > MembersMax)
            {
                fields.Faults.AddLast($"May have at most {MembersMax} members.");
            }

            if (fields.Faults.IsFull)
            {
                break;
            }
        }

        return fields;
    }

    public Optional<string?> Text(string name) =>
        Read(
            name,
            "Must be a string.",
            static (element) => JsonText.TryRead(element, out var text) ? text : null
        );

    public Optional<bool?> Flag(string name) =>
        Read<bool?>(
            name,
            "Must be true or false.",
            static element =>
                element.ValueKind is JsonValueKind.True or JsonValueKind.False
                    ? element.GetBoolean()
                    : null
        );

    public Optional<double?> Number(string name) =>
        Read<double?>(
            name,
            "Must be a number.",
            static element =>
                element.ValueKind == JsonValueKind.Number
                && element.TryGetDouble(out var number)
                && double.IsFinite(number)
                    ? number
                    : null
        );

    public Optional<int?> Integer(string name) =>
        Read<int?>(
            name,
            "Must be a whole number.",
            static element =>
                element.ValueKind == JsonValueKind.Number && element.TryGetInt32(out var number)
                    ? number
                    : null
        );

    public Optional<DateTimeOffset?> Time(string name) =>
        Read<DateTimeOffset?>(
            name,
            Rfc3339.Fault,
            static element =>
                JsonText.TryRead(element, out var text) && Rfc3339.TryParse(text, out var time)
                    ? time
                    : null
        );

    /// <summary>An endpoint's id, or its external id if <see cref="NameAsync"/> has looked it up.</summary>
    public Optional<EndpointId?> EndpointId(string name) =>
        Read<EndpointId?>(
            name,
            "Must be an endpoint's id (ep_…), or an external id where it is known whose.",
            element =>
                !JsonText.TryRead(element, out var text) ? null
                : Core.EndpointId.TryParse(text, out var id) ? id
                : EndpointNames.IsName(text) ? _named
                : null
        );

    /// <summary>Looks up the external id that the request's endpoint_id may be.</summary>
    public async ValueTask NameAsync(HttpContext context)
    {
        if (Peek(RouteIds.Endpoint) is { } name && EndpointNames.IsName(name))
        {
            _named = await EndpointNames.FindInBodyAsync(context, name, Peek(RouteIds.Tenant));
        }
    }

    /// <summary>A payload filter; each of its faults under its own path.</summary>
    public Optional<PayloadFilter?> PayloadFilter(string name)
    {
        if (!_unread.Remove(name, out var element))
        {
            return default;
        }

        if (element.ValueKind == JsonValueKind.Null)
        {
            return new Optional<PayloadFilter?>(null);
        }

        var filter = Core.PayloadFilter.Parse(element, out var faults);
        foreach (var (path, message) in faults)
        {
            Faults.Add(path.Length == 0 ? name : $"{name}.{path}", message);
        }

        return filter is null ? default : new Optional<PayloadFilter?>(filter);
    }

    /// <summary>An array of strings.</summary>
    public Optional<IReadOnlyList<string>?> Texts(string name) =>
        ReadAll<IReadOnlyList<string>>(
            name,
            JsonValueKind.Array,
            "Must be an array of strings.",
            element =>
            {
                var texts = new List<string>();
                foreach (var item in element.EnumerateArray())
                {
                    if (!JsonText.TryRead(item, out var text))
                    {
                        Faults.Add($"{name}[{texts.Count}]", "Must be a string.");
                    }

                    texts.Add(text ?? "");
                    if (Faults.IsFull)
                    {
                        break;
                    }
                }

                return texts;
            }
        );

    /// <summary>An object of strings, as pairs in the order given: names may recur.</summary>
    public Optional<IReadOnlyList<KeyValuePair<string, string>>?> TextMap(string name) =>
        ReadAll<IReadOnlyList<KeyValuePair<string, string>>>(
            name,
            JsonValueKind.Object,
            "Must be an object of strings.",
            element =>
            {
                var pairs = new List<KeyValuePair<string, string>>();
                foreach (var property in element.EnumerateObject())
                {
                    if (
                        !JsonText.TryReadName(property, out var key)
                        || !JsonText.TryRead(property.Value, out var text)
                    )
                    {
                        Faults.Add($"{name}[{pairs.Count}]", "Must be a string.");
                        (key, text) = ("", "");
                    }

                    pairs.Add(new(key, text));
                    if (Faults.IsFull)
                    {
                        break;
                    }
                }

                return pairs;
            }
        );

    /// <summary>
    /// An object whose members are strings or arrays of strings, as frameworks give a request's headers; one pair
    /// for each string, in the order given.
    /// </summary>
    /// <param name="name">The member.</param>
    /// <param name="valuesMax">Most strings that are of use; one more is read, for their number to show.</param>
    public Optional<IReadOnlyList<KeyValuePair<string, string>>?> HeaderMap(
        string name,
        int valuesMax
    ) =>
        ReadAll<IReadOnlyList<KeyValuePair<string, string>>>(
            name,
            JsonValueKind.Object,
            "Must be an object of strings or arrays of strings.",
            element =>
            {
                var pairs = new List<KeyValuePair<string, string>>();
                foreach (var property in element.EnumerateObject())
                {
                    IEnumerable<JsonElement> values =
                        property.Value.ValueKind == JsonValueKind.Array
                            ? property.Value.EnumerateArray()
                            : [property.Value];
                    foreach (var value in values)
                    {
                        if (
                            !JsonText.TryReadName(property, out var key)
                            || !JsonText.TryRead(value, out var text)
                        )
                        {
                            Faults.Add($"{name}[{pairs.Count}]", "Must be a string.");
                            (key, text) = ("", "");
                        }

                        pairs.Add(new(key, text));
                        if (pairs.Count > valuesMax || Faults.IsFull)
                        {
                            return pairs;
                        }
                    }
                }

                return pairs;
            }
        );

    /// <summary>A JSON object, in the very bytes that were given.</summary>
    public Optional<RawJson?> RawObject(string name) =>
        Read<RawJson?>(
            name,
            "Must be a JSON object.",
            static element =>
                element.ValueKind == JsonValueKind.Object
                    ? new RawJson(JsonMarshal.GetRawUtf8Value(element).ToArray())
                    : null
        );

    /// <summary>Call it last: whatever has not been read is a fault.</summary>
    public void RefuseOthers()
    {
        foreach (var name in _unread.Keys)
        {
            if (Faults.IsFull)
            {
                return;
            }

            Faults.Add(Shorten(name), "Unknown member.");
        }
    }

    private string? Peek(string name) =>
        _unread.TryGetValue(name, out var element) && JsonText.TryRead(element, out var text)
            ? text
            : null;

    private Optional<T?> Read<T>(string name, string fault, Func<JsonElement, T?> read)
    {
        if (!_unread.Remove(name, out var element))
        {
            return default;
        }

        if (element.ValueKind == JsonValueKind.Null)
        {
            return new Optional<T?>(default);
        }

        var value = read(element);
        if (value is null)
        {
            Faults.Add(name, fault);
            return default;
        }

        return new Optional<T?>(value);
    }

    private Optional<T?> ReadAll<T>(
        string name,
        JsonValueKind kind,
        string fault,
        Func<JsonElement, T> read
    )
        where T : class =>
        Read(name, fault, element => element.ValueKind == kind ? read(element) : null);

    private static string Shorten(string name) =>
        name.Length <= EchoedNameMax ? name : string.Concat(name.AsSpan(0, EchoedNameMax), "…");
}
