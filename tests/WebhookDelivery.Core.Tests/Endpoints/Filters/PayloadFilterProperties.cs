using System.Text.Json;
using FsCheck;
using FsCheck.Fluent;

namespace WebhookDelivery.Core.Tests;

public sealed class PayloadFilterProperties
{
    // Few names and values in many spellings, so that filters and payloads often meet.
    private static readonly Gen<string> Names = Gen.Elements(
        "\"a\"",
        "\"a\"",
        "\"a\"",
        "\"b\"",
        "\"b\"",
        "\"\\u0061\"",
        "\"0\"",
        "\"1\"",
        "\"\"",
        "\"a.b\"",
        "\"x/y~\"",
        "\"ü\"",
        "\"\\u00fc\""
    );

    private static readonly Gen<string> Fields = Gen.Elements(
        "a",
        "a",
        "a",
        "a",
        "b",
        "b",
        "a.b",
        "a.a",
        "0",
        "1",
        "01",
        "a.b",
        "a.0",
        "a.1.b",
        "b.a.a",
        "0.0",
        "ü",
        "/",
        "/a.b",
        "/a/b",
        "/x~1y~0",
        "/a//0"
    );

    private static readonly Gen<string> Numbers = Gen.Elements(
        "0",
        "-0",
        "0.0",
        "1",
        "1.0",
        "10e-1",
        "0.1E1",
        "-1",
        "1.5",
        "15e-1",
        "100",
        "1e2",
        "99.9999999999999999999999999999999999",
        "1e300",
        "-1e300",
        "1e-300",
        "9007199254740992",
        "9007199254740993"
    );

    private static readonly Gen<string> Texts = Gen.Elements(
        "\"\"",
        "\"a\"",
        "\"ab\"",
        "\"\\u0061b\"",
        "\"\\ud83d\\ude00\"",
        "\"😀\"",
        "\"\\uffee\"",
        "\"\\n\\\"\\/\"",
        "\"1\""
    );

    private static readonly Gen<string> Scalars = Gen.OneOf(
        Numbers,
        Texts,
        Gen.Elements("null", "true", "false")
    );

    private static readonly Arbitrary<string> Payloads = ObjectOf(4).ToArbitrary();

    private static readonly Arbitrary<string> AnyFilter = NodeOf(PayloadFilter.DepthMax)
        .ToArbitrary();

    [Fact]
    public void Matches_AnyFilterAndPayload_AgreesWithTheSlowOne() =>
        Prop.ForAll(
                AnyFilter,
                Payloads,
                (filter, payload) =>
                    Filters.Of(filter).Matches(payload)
                    == SlowFilter.Matches(JsonElement.Parse(filter), JsonElement.Parse(payload))
            )
            .Check(Config.QuickThrowOnFailure.WithMaxTest(10_000));

    [Fact]
    public void Explain_AnyFilterAndPayload_HasWordsIfAndOnlyIfItDoesNotMatch() =>
        Prop.ForAll(
                AnyFilter,
                Payloads,
                (filter, payload) =>
                    Filters.Of(filter).Explain(payload) is null
                    == Filters.Of(filter).Matches(payload)
            )
            .Check(Config.QuickThrowOnFailure.WithMaxTest(2000));

    [Fact]
    public void Json_OfAnyFilter_ReadsAsTheSameFilter() =>
        Prop.ForAll(
                AnyFilter,
                filter =>
                {
                    var first = Filters.Of(filter);
                    var again = PayloadFilter.Parse(JsonElement.Parse(first.Json.Span), out _);
                    return first.Equals(again) && first.GetHashCode() == again!.GetHashCode();
                }
            )
            .Check(Config.QuickThrowOnFailure.WithMaxTest(2000));

    [Fact]
    public void Compare_AnyNumbers_IsByExactValue()
    {
        var digits = Gen.Elements(
            "0",
            "1",
            "9",
            "00",
            "05",
            "50",
            "123456789012345678901234567890"
        );
        var numbers = (
            from sign in Gen.Elements("", "-")
            from whole in Gen.Elements("0", "1", "9", "10", "123456789012345678901234567890")
            from fraction in digits.Select(each => "." + each).Or(Gen.Constant(""))
            from exponent in Gen.Choose(-40, 40).Select(each => $"e{each}").Or(Gen.Constant(""))
            select sign + whole + fraction + exponent
        ).ToArbitrary();
        Prop.ForAll(
                numbers,
                numbers,
                (left, right) =>
                    Math.Sign(
                        JsonNumber
                            .Compare(
                                System.Text.Encoding.ASCII.GetBytes(left),
                                System.Text.Encoding.ASCII.GetBytes(right)
                            )!
                            .Value
                    ) == SlowFilter.Scaled(left).CompareTo(SlowFilter.Scaled(right))
            )
            .Check(Config.QuickThrowOnFailure.WithMaxTest(10_000));
    }

    private static Gen<string> ValueOf(int depth) =>
        depth == 0
            ? Scalars
            : Gen.Frequency((6, Scalars), (2, ObjectOf(depth - 1)), (1, ArrayOf(depth - 1)));

    private static Gen<string> ArrayOf(int depth) =>
        from items in ValueOf(depth).ListOf(3)
        from count in Gen.Choose(0, 3)
        select $"[{string.Join(',', items.Take(count))}]";

    // Names recur: the last one counts.
    private static Gen<string> ObjectOf(int depth) =>
        from members in (
            from name in Names
            from value in ValueOf(Math.Max(0, depth - 1))
            select $"{name}:{value}"
        ).ListOf(5)
        from count in Gen.Frequency((1, Gen.Choose(0, 2)), (4, Gen.Choose(3, 5)))
        select $"{{{string.Join(',', members.Take(count))}}}";

    private static Gen<string> NodeOf(int depth) =>
        depth == 1
            ? Condition()
            : Gen.Frequency(
                (3, Condition()),
                (1, NodeOf(depth - 1).Select(node => $$"""{"not":{{node}}}""")),
                (1, GroupOf("and", depth - 1)),
                (1, GroupOf("or", depth - 1))
            );

    private static Gen<string> GroupOf(string name, int depth) =>
        from nodes in NodeOf(depth).ListOf(2)
        from count in Gen.Choose(1, 2)
        select $$"""{"{{name}}":[{{string.Join(',', nodes.Take(count))}}]}""";

    private static Gen<string> Condition() =>
        from field in Fields
        from test in Gen.OneOf(
            from name in Gen.Elements("equals", "not_equals")
            from value in Scalars
            select $"\"{name}\":{value}",
            from name in Gen.Elements("in", "not_in")
            from values in Scalars.NonEmptyListOf()
            select $"\"{name}\":[{string.Join(',', values.Take(5))}]",
            from value in Gen.Elements("true", "false")
            select $"\"exists\":{value}",
            from name in Gen.Elements("gt", "gte", "lt", "lte")
            from value in Numbers.Or(Texts)
            select $"\"{name}\":{value}",
            from value in Texts
            select $"\"starts_with\":{value}"
        )
        select $$"""{"field":"{{field}}",{{test}}}""";
}
