using System.Globalization;
using System.Text;
using FsCheck;
using FsCheck.Fluent;

namespace WebhookDelivery.Core.Tests;

/// <summary>
/// JSON that somebody parsed and wrote again, in whatever style, is always told from JSON that somebody changed.
/// </summary>
public sealed class JsonProperties
{
    private static readonly Config Many = Config.QuickThrowOnFailure.WithMaxTest(500);

    private static readonly Gen<string> Texts = Gen.Elements(
            "a",
            "é",
            "🦊",
            "\"",
            "\\",
            "\n",
            "/",
            "\u2028",
            " ",
            "0"
        )
        .ListOf()
        .Select(string.Concat);

    /// <summary>Trees of objects with distinct names, arrays, texts, whole numbers and hundredths.</summary>
    private static readonly Gen<object?> Trees = Gen.Sized(Tree);

    private static readonly Gen<Style> Styles =
        from spaces in Gen.Elements("", " ", "\n", "\r\n\t")
        from reversed in Gen.Elements(true, false)
        from escaped in Gen.Elements(true, false)
        from zeros in Gen.Choose(0, 3)
        from tail in Gen.Elements("", "\n", " \r\n")
        select new Style(spaces, reversed, escaped, zeros, tail);

    private static readonly Arbitrary<(object? Tree, Style One, Style Other)> Rewritten = (
        from tree in Trees
        from one in Styles
        from other in Styles
        select (tree, one, other)
    ).ToArbitrary();

    private static readonly Arbitrary<(object? Tree, int Place, Style One, Style Other)> Changed = (
        from tree in Trees
        from place in Gen.Choose(0, 1000)
        from one in Styles
        from other in Styles
        select (tree, place, one, other)
    ).ToArbitrary();

    /// <summary>Numbers as a body may have them, at and beyond every bound of an exponent.</summary>
    private static readonly Gen<string> Numbers =
        from sign in Gen.Elements("", "-")
        from mantissa in Gen.Elements("0", "1", "1.0", "10", "0.1", "123.4500", "9007199254740993")
        from letter in Gen.Elements("e", "E", "e+", "e-", "E-")
        from exponent in Gen.Elements(
            "0",
            "1",
            "400",
            "2147483647",
            "2147483648",
            "9223372036854775807",
            "9223372036854775808",
            "99999999999999999999"
        )
        select sign + mantissa + letter + exponent;

    private static readonly Arbitrary<(string One, string Other)> NumberPairs = (
        from one in Numbers
        from other in Numbers
        select (one, other)
    ).ToArbitrary();

    [Fact]
    public void Find_NumbersOfWhateverSize_AnswersAndTakesEachForItselfAlone() =>
        Prop.ForAll(
                NumberPairs,
                given =>
                {
                    var (one, other) = (
                        Encoding.UTF8.GetBytes(given.One),
                        Encoding.UTF8.GetBytes(given.Other)
                    );
                    var found = JsonComparison.Find(one, other);
                    return (found == JsonRewriting.None) == (given.One == given.Other)
                        && JsonComparison.Find(one, one) == JsonRewriting.None;
                }
            )
            .Check(Config.QuickThrowOnFailure.WithMaxTest(3000));

    [Fact]
    public void Find_RewrittenInAnyStyle_IsTheSameJsonAndNamesAWayWhereBytesDiffer() =>
        Prop.ForAll(
                Rewritten,
                given =>
                {
                    var (sent, received) = (
                        given.One.Write(given.Tree),
                        given.Other.Write(given.Tree)
                    );
                    var found = JsonComparison.Find(sent, received);
                    return found is { } ways
                        && (ways == JsonRewriting.None) == sent.AsSpan().SequenceEqual(received);
                }
            )
            .Check(Many);

    [Fact]
    public void Find_OneValueOrNameChanged_IsNeverTheSameJson() =>
        Prop.ForAll(
                Changed,
                given =>
                {
                    var left = given.Place % Count(given.Tree);
                    var changed = Change(given.Tree, ref left);
                    return JsonComparison.Find(
                        given.One.Write(given.Tree),
                        given.Other.Write(changed)
                    )
                        is null;
                }
            )
            .Check(Many);

    private static Gen<object?> Tree(int size)
    {
        var leaves = Gen.OneOf(
            Gen.Elements<object?>(null, true, false),
            Texts.Select(text => (object?)text),
            Gen.Choose(-1_000_000, 1_000_000).Select(number => (object?)(number / 100m))
        );
        return size <= 1
            ? leaves
            : Gen.OneOf(
                leaves,
                Tree(size / 3).ListOf().Select(items => (object?)items.Take(4).ToArray()),
                (
                    from name in Texts
                    from value in Tree(size / 3)
                    select KeyValuePair.Create(name, value)
                )
                    .ListOf()
                    .Select(members =>
                        (object?)members.Take(4).DistinctBy(member => member.Key).ToArray()
                    )
            );
    }

    private static int Count(object? tree) =>
        tree switch
        {
            object?[] items => 1 + items.Sum(Count),
            KeyValuePair<string, object?>[] members => 1 + members.Sum(each => Count(each.Value)),
            _ => 1,
        };

    /// <summary>Changes the node that is so many steps away, in the order of writing.</summary>
    private static object? Change(object? tree, ref int left)
    {
        if (left-- == 0)
        {
            return tree switch
            {
                object?[] items => items.Append("more").ToArray(),
                KeyValuePair<string, object?>[] members => members
                    .Append(KeyValuePair.Create("another name", (object?)null))
                    .ToArray(),
                string text => text + "x",
                decimal number => number + 0.01m,
                bool flag => !flag,
                _ => "not null",
            };
        }

        switch (tree)
        {
            case object?[] items:
                var copy = new object?[items.Length];
                for (var i = 0; i < copy.Length; i++)
                {
                    copy[i] = left >= 0 ? Change(items[i], ref left) : items[i];
                }

                return copy;
            case KeyValuePair<string, object?>[] members:
                var pairs = new KeyValuePair<string, object?>[members.Length];
                for (var i = 0; i < pairs.Length; i++)
                {
                    pairs[i] =
                        left >= 0
                            ? KeyValuePair.Create(
                                members[i].Key,
                                Change(members[i].Value, ref left)
                            )
                            : members[i];
                }

                return pairs;
            default:
                return tree;
        }
    }

    /// <summary>A way to write JSON.</summary>
    private sealed record Style(string Space, bool Reversed, bool Escaped, int Zeros, string Tail)
    {
        public byte[] Write(object? tree)
        {
            var text = new StringBuilder();
            Append(text, tree);
            return Encoding.UTF8.GetBytes(text.Append(Tail).ToString());
        }

        private void Append(StringBuilder text, object? tree)
        {
            switch (tree)
            {
                case object?[] items:
                    AppendAll(text, '[', items, Append, ']');
                    break;
                case KeyValuePair<string, object?>[] members:
                    AppendAll(
                        text,
                        '{',
                        Reversed ? [.. members.Reverse()] : members,
                        (inner, member) =>
                        {
                            AppendText(inner, member.Key);
                            inner.Append(Space).Append(':');
                            Append(inner, member.Value);
                        },
                        '}'
                    );
                    break;
                case string value:
                    AppendText(text, value);
                    break;
                case decimal number:
                    text.Append(number.ToString("0.00", CultureInfo.InvariantCulture))
                        .Append('0', Zeros);
                    break;
                default:
                    text.Append(
                        tree is null ? "null"
                        : (bool)tree ? "true"
                        : "false"
                    );
                    break;
            }
        }

        private void AppendAll<T>(
            StringBuilder text,
            char start,
            T[] items,
            Action<StringBuilder, T> append,
            char end
        )
        {
            text.Append(start);
            for (var i = 0; i < items.Length; i++)
            {
                text.Append(i == 0 ? "" : ",").Append(Space);
                append(text, items[i]);
            }

            text.Append(Space).Append(end);
        }

        private void AppendText(StringBuilder text, string value)
        {
            text.Append('"');
            foreach (var unit in value)
            {
                _ =
                    Escaped || unit < ' '
                        ? text.Append(CultureInfo.InvariantCulture, $"\\u{(int)unit:X4}")
                    : unit is '"' or '\\' ? text.Append('\\').Append(unit)
                    : text.Append(unit);
            }

            text.Append('"');
        }
    }
}
