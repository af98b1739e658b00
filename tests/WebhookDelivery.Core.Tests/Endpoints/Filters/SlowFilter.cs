using System.Globalization;
using System.Numerics;
using System.Text;
using System.Text.Json;

namespace WebhookDelivery.Core.Tests;

/// <summary>A filter as docs/filters.md tells it, written for clearness alone: what the product must agree with.</summary>
internal static class SlowFilter
{
    public static bool Matches(JsonElement filter, JsonElement payload)
    {
        var first = filter.EnumerateObject().First();
        return first.Name switch
        {
            "and" => first.Value.EnumerateArray().All(each => Matches(each, payload)),
            "or" => first.Value.EnumerateArray().Any(each => Matches(each, payload)),
            "not" => !Matches(first.Value, payload),
            _ => Holds(filter, Find(filter.GetProperty("field").GetString()!, payload)),
        };
    }

    private static bool Holds(JsonElement condition, JsonElement? value)
    {
        var test = condition.EnumerateObject().Single(member => member.Name != "field");
        var wanted = test.Value;
        return test.Name switch
        {
            "exists" => value is not null == wanted.GetBoolean(),
            "equals" => Same(value, wanted),
            "not_equals" => !Same(value, wanted),
            "in" => wanted.EnumerateArray().Any(each => Same(value, each)),
            "not_in" => !wanted.EnumerateArray().Any(each => Same(value, each)),
            "starts_with" => value is { ValueKind: JsonValueKind.String } text
                && text.GetString()!.StartsWith(wanted.GetString()!, StringComparison.Ordinal),
            "gt" => Order(value, wanted) > 0,
            "gte" => Order(value, wanted) >= 0,
            "lt" => Order(value, wanted) < 0,
            "lte" => Order(value, wanted) <= 0,
            _ => throw new ArgumentException(test.Name, nameof(condition)),
        };
    }

    private static bool Same(JsonElement? value, JsonElement wanted) =>
        value is { } given
        && given.ValueKind == wanted.ValueKind
        && given.ValueKind switch
        {
            JsonValueKind.Number or JsonValueKind.String => Order(given, wanted) == 0,
            JsonValueKind.Array or JsonValueKind.Object => false,
            _ => true,
        };

    private static int? Order(JsonElement? value, JsonElement wanted) =>
        value is not { } given || given.ValueKind != wanted.ValueKind ? null
        : given.ValueKind == JsonValueKind.Number
            ? Scaled(given.GetRawText()).CompareTo(Scaled(wanted.GetRawText()))
        : given.ValueKind == JsonValueKind.String
            ? Encoding
                .UTF32.GetBytes(given.GetString()!)
                .Chunk(4)
                .Select(each => BitConverter.ToInt32(each))
                .ToArray()
                .AsSpan()
                .SequenceCompareTo(
                    Encoding
                        .UTF32.GetBytes(wanted.GetString()!)
                        .Chunk(4)
                        .Select(each => BitConverter.ToInt32(each))
                        .ToArray()
                )
        : null;

    /// <summary>The number, times ten to the thousand: whole, if no exponent is beyond that.</summary>
    public static BigInteger Scaled(string number)
    {
        var parts = number.Split('e', 'E');
        var exponent = parts.Length == 2 ? int.Parse(parts[1], CultureInfo.InvariantCulture) : 0;
        var point = parts[0].IndexOf('.', StringComparison.Ordinal);
        var decimals = point < 0 ? 0 : parts[0].Length - point - 1;
        var digits = parts[0].Replace(".", "", StringComparison.Ordinal);
        return BigInteger.Parse(digits, CultureInfo.InvariantCulture)
            * BigInteger.Pow(10, 1000 + exponent - decimals);
    }

    private static JsonElement? Find(string field, JsonElement value)
    {
        var steps = field.StartsWith('/')
            ? field[1..]
                .Split('/')
                .Select(step =>
                    step.Replace("~1", "/", StringComparison.Ordinal)
                        .Replace("~0", "~", StringComparison.Ordinal)
                )
            : field.Split('.');
        foreach (var step in steps)
        {
            if (
                value.ValueKind == JsonValueKind.Array
                && int.TryParse(
                    step,
                    NumberStyles.None,
                    CultureInfo.InvariantCulture,
                    out var index
                )
                && index.ToString(CultureInfo.InvariantCulture) == step
                && index < value.GetArrayLength()
            )
            {
                value = value[index];
            }
            else if (
                value.ValueKind == JsonValueKind.Object
                && value.TryGetProperty(step, out var member)
            )
            {
                value = member;
            }
            else
            {
                return null;
            }
        }

        return value;
    }
}
