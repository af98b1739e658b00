using System.Diagnostics;
using System.Text;
using FsCheck;
using FsCheck.Fluent;
using WebhookDelivery.Signatures;

namespace WebhookDelivery.Core.Tests;

/// <summary>What holds of redaction whatever a receiver answers.</summary>
public sealed class RedactionProperties
{
    private const int RunBytes = 16;

    /// <summary>Few letters, so that runs are shared by chance as well; and what folding reads.</summary>
    private static readonly Gen<byte[]> s_text = Gen.Elements("aab\\\"%& \n2u0;c"u8.ToArray())
        .ListOf()
        .Select(letters => letters.ToArray());

    private static readonly Arbitrary<Case> s_cases = (
        from payload in s_text.Resize(400)
        from parts in Gen.OneOf(
                s_text.Resize(30),
                from start in Gen.Choose(0, payload.Length)
                from length in Gen.Choose(0, 40)
                select payload[start..Math.Min(payload.Length, start + length)]
            )
            .ListOf()
            .Resize(8)
        from cut in Gen.Choose(0, parts.Count)
        select new Case(
            payload,
            [.. parts.Take(cut).SelectMany(part => part)],
            [.. parts.Skip(cut).SelectMany(part => part).Where(each => each != '\n')]
        )
    ).ToArbitrary();

    [Fact]
    public void Apply_AnyResponse_KeepsNoRunOfThePayload() =>
        Prop.ForAll(
                s_cases,
                sample =>
                {
                    var recorded = sample.Record();
                    return Pieces(recorded.ResponseExcerpt.Span).TrueForAll(sample.SharesNothing)
                        && recorded
                            .ResponseHeaders.Read()
                            .SelectMany(each => Pieces(Encoding.UTF8.GetBytes(each.Value)))
                            .All(sample.SharesNothing);
                }
            )
            .Check(Config.QuickThrowOnFailure.WithMaxTest(3000));

    [Fact]
    public void Apply_AnyResponse_KeepsWhatSharesNothing() =>
        Prop.ForAll(
                s_cases,
                sample =>
                {
                    // Folded, and all that is foreign taken for shared: what is left must be there.
                    var body = Encoding.Latin1.GetString(sample.Body);
                    var recorded = Encoding.Latin1.GetString(sample.Record().ResponseExcerpt.Span);
                    return sample.IsForeign
                        ? recorded == body
                        : recorded
                            .Split("[redacted]")
                            .Aggregate(
                                (At: 0, Good: true),
                                (place, piece) =>
                                    body.IndexOf(piece, place.At, StringComparison.Ordinal)
                                        is >= 0
                                            and var at
                                        ? (at + piece.Length, place.Good)
                                        : (place.At, false)
                            )
                            .Good;
                }
            )
            .Check(Config.QuickThrowOnFailure.WithMaxTest(1000));

    [Fact]
    public void Mark_AnyTwoTexts_IsWhatASlowSearchFinds() =>
        Prop.ForAll(
                s_cases,
                sample =>
                {
                    var marks = new bool[sample.Body.Length];
                    var any = new SharedRuns(sample.Body).Mark(sample.Payload, marks);
                    return marks.SequenceEqual(SlowMarks(sample.Body, sample.Payload))
                        && any == marks.Contains(true);
                }
            )
            .Check(Config.QuickThrowOnFailure.WithMaxTest(3000));

    [Fact]
    public void Fold_AnyText_IsNoLongerAndKnowsWhereItCameFrom() =>
        Prop.ForAll(
                s_text.ToArbitrary(),
                text =>
                {
                    var origins = new Range[text.Length];
                    var length = FoldedText.Fold(text, new byte[text.Length], origins);
                    var used = origins[..length];
                    return FoldedText.Fold(text).Length == length
                        && used.Zip(used.Skip(1)).All(pair => IsBehind(pair.First, pair.Second))
                        && used.All(each => each.End.Value <= text.Length);
                }
            )
            .Check(Config.QuickThrowOnFailure.WithMaxTest(2000));

    /// <summary>
    /// Whoever chooses both payload and answer can make a search slow that compares every place of one
    /// with every place of the other: a thousand times as slow.
    /// </summary>
    [Theory]
    [InlineData("one letter")]
    [InlineData("made to be slow")]
    public void Apply_PayloadMadeToBeSlow_CostsNotMuchMoreThanAnother(string kind)
    {
        var plain = Cost("plain", 1 << 20);
        var made = Cost(kind, 1 << 20);

        TestContext.Current.SendDiagnosticMessage(
            $"1 MiB, plain: {plain.TotalMilliseconds:F2} ms, {kind}: {made.TotalMilliseconds:F2}"
        );
        Assert.InRange(made / plain, 0, 100);
    }

    /// <summary>
    /// The best of some: on a machine that does other things too, only that says what it costs.
    /// </summary>
    private static TimeSpan Cost(string kind, int bytes)
    {
        var body = new byte[1024];
        var payload = new byte[bytes];
        for (var i = 0; i < payload.Length; i++)
        {
            payload[i] = kind switch
            {
                "plain" => (byte)('a' + (i * 7919 % 26)),
                "one letter" => (byte)'x',
                _ => (byte)(i % 16 == 15 ? 'a' + (i / 16 % 23) : 'x'),
            };
            body[i % 1024] = kind == "plain" ? (byte)('a' + (i * 31 % 23)) : (byte)'x';
        }

        return Enumerable
            .Range(0, 9)
            .Min(_ =>
            {
                var start = Stopwatch.GetTimestamp();
                ResponseRedaction.Apply(Told.Response(body), Told.Endpoint, payload);
                return Stopwatch.GetElapsedTime(start);
            });
    }

    private static bool IsBehind(Range earlier, Range later) =>
        later.Equals(earlier) || later.Start.Value >= earlier.End.Value;

    private static List<byte[]> Pieces(ReadOnlySpan<byte> text) =>
        [.. Encoding.Latin1.GetString(text).Split("[redacted]").Select(Encoding.Latin1.GetBytes)];

    private static bool[] SlowMarks(byte[] text, byte[] other)
    {
        var marks = new bool[text.Length];
        for (var i = 0; i + RunBytes <= text.Length; i++)
        {
            if (other.AsSpan().IndexOf(text.AsSpan(i, RunBytes)) >= 0)
            {
                marks.AsSpan(i, RunBytes).Fill(true);
            }
        }

        return marks;
    }

    /// <summary>A payload, and what a receiver makes of it.</summary>
    private sealed record Case(byte[] Payload, byte[] Body, byte[] Header)
    {
        public bool IsForeign =>
            !SlowMarks(FoldedText.Fold(Body), FoldedText.Fold(Payload)).Contains(true)
            && SharesNothing(Body);

        public AttemptOutcome Record() => Told.Record(Body, Payload, ("X-Echo", Header));

        public bool SharesNothing(byte[] piece) => !SlowMarks(piece, Payload).Contains(true);

        public override string ToString() =>
            $"payload <{Encoding.Latin1.GetString(Payload)}> body <{Encoding.Latin1.GetString(Body)}> header <{Encoding.Latin1.GetString(Header)}>";
    }
}
