using System.Text;
using System.Text.Json.Nodes;
using WebhookDelivery.Core;

namespace WebhookDelivery.Aws.Tests;

public sealed class DeliveryMessageCodecTests
{
    private const int BytesMax = 64 * 1024;
    private const int Rounds = 2000;
    private static readonly RandomIdSource s_ids = new();
    private static readonly DateTimeOffset s_now = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);

    [Fact]
    public void Write_EverythingThereIs_IsOneLineOfCompactJsonAndThePayload()
    {
        var key = NewKey();
        var (body, bytes) = DeliveryMessageCodec.Write(
            new DeliveryMessage
            {
                Due = new DueDelivery
                {
                    Key = key,
                    Generation = 2,
                    Attempt = 3,
                    DueAt = s_now,
                    EventType = "order.created",
                    TraceParent = "00-aa-bb-01",
                    Payload = "{\n\t\"a\": 1\r\n}"u8.ToArray(),
                    CommitNumber = 7,
                },
                Postponements = 4,
                HealAt = s_now.AddMinutes(3),
                MustVerify = true,
            },
            BytesMax
        );

        Assert.Equal(
            $$"""{"v":1,"t":"acme","e":"{{key.EventId}}","p":"{{key.EndpointId}}","g":2,"a":3,"d":1767225600000,"y":"order.created","c":"00-aa-bb-01","q":4,"h":1767225780000,"s":1}"""
                + "\n{\n\t\"a\": 1\r\n}",
            body
        );
        Assert.Equal(Encoding.UTF8.GetByteCount(body), bytes);
    }

    [Fact]
    public void Write_TheLeastThereIs_LeavesOutTheRest()
    {
        var key = NewKey();
        var (body, _) = DeliveryMessageCodec.Write(Message(key, null), BytesMax);
        Assert.Equal(
            $$"""{"v":1,"t":"acme","e":"{{key.EventId}}","p":"{{key.EndpointId}}","g":1,"a":1,"d":1767225600000}""",
            body
        );
    }

    [Theory]
    [InlineData("")]
    [InlineData("{}")]
    [InlineData("\n\n{\n}\n")]
    [InlineData("\uFEFF{}")]
    [InlineData("{\"a\":\"\uFFFD\uE000\uD7FF\u007F\"}")]
    [InlineData("{\"a\":\"😀\U0001FFFE\U0010FFFF\"}")]
    public void Write_WhatSqsTakesAsText_IsNotEncoded(string payload)
    {
        var bytes = Encoding.UTF8.GetBytes(payload);
        var body = Write(bytes);
        Assert.EndsWith("\n" + payload, body, StringComparison.Ordinal);
        AssertPayload(bytes, body);
    }

    [Theory]
    [InlineData(new byte[] { 0x7B, 0x00, 0x7D })]
    [InlineData(new byte[] { 0x1F })]
    [InlineData(new byte[] { 0x0B })]
    [InlineData(new byte[] { 0xEF, 0xBF, 0xBE })] // U+FFFE
    [InlineData(new byte[] { 0xEF, 0xBF, 0xBF })] // U+FFFF
    [InlineData(new byte[] { 0xED, 0xA0, 0x80 })] // a surrogate
    [InlineData(new byte[] { 0xC0, 0x80 })] // overlong
    [InlineData(new byte[] { 0x7B, 0xF0, 0x9F })] // cut off
    public void Write_WhatSqsRefusesAsText_IsBase64(byte[] payload)
    {
        var body = Write(payload);
        Assert.EndsWith("\n" + Convert.ToBase64String(payload), body, StringComparison.Ordinal);
        Assert.Contains("\"b\":1", body, StringComparison.Ordinal);
        AssertPayload(payload, body);
    }

    [Fact]
    public void Write_ATypeOfAnySort_KeepsTheHeaderOnOneAsciiLine()
    {
        var message = Message(NewKey(), "x"u8.ToArray());
        message = message with { Due = message.Due with { EventType = "a\n\"\\é😀\uFFFF" } };
        var (body, bytes) = DeliveryMessageCodec.Write(message, BytesMax);
        Assert.Equal(body.Length, bytes);
        Assert.Equal("a\n\"\\é😀\uFFFF", Read(body).Due.EventType);
        AssertPayload("x"u8.ToArray(), body);
    }

    [Theory]
    [InlineData("x")]
    [InlineData("é")]
    [InlineData("😀")]
    [InlineData("\u0001")]
    public void Write_AtTheLimit_CountsBytesOfTheWholeBody(string unit)
    {
        var key = NewKey();
        var carried = 0;
        for (var length = BytesMax - 400; length <= BytesMax; length++)
        {
            // So many bytes of payload, ASCII but for the last character.
            var payload = Encoding.UTF8.GetBytes(unit.PadLeft(length, ' '))[^length..];
            if (unit == "\u0001")
            {
                payload = payload[..(length * 3 / 4)];
                payload[0] = 1;
            }

            var (body, bytes) = DeliveryMessageCodec.Write(Message(key, payload), BytesMax);
            Assert.Equal(Encoding.UTF8.GetByteCount(body), bytes);
            Assert.InRange(bytes, 1, BytesMax);
            var read = Read(body).Due.Payload;
            carried = read is null ? carried : bytes;
            Assert.True(read is null || read.Value.Span.SequenceEqual(payload));
        }

        // Base64 comes in fours; text to the byte.
        Assert.InRange(carried, unit == "\u0001" ? BytesMax - 3 : BytesMax, BytesMax);
    }

    [Fact]
    public void Write_OfWhatIsTooLarge_LeavesThePayloadOut()
    {
        var body = Write(new byte[BytesMax]);
        Assert.DoesNotContain('\n', body);
        Assert.Null(Read(body).Due.Payload);
        Assert.DoesNotContain("\"b\"", body, StringComparison.Ordinal);
    }

    [Fact]
    public void Read_WhateverWasWritten_GivesItBack()
    {
        var random = new Random(20260101);
        for (var round = 0; round < Rounds; round++)
        {
            var message = RandomMessage(random);
            var (body, bytes) = DeliveryMessageCodec.Write(message, 4096);
            var read = Read(body);

            Assert.Equal(Encoding.UTF8.GetByteCount(body), bytes);
            var payload = message.Due.Payload;
            Assert.Equal(
                message with
                {
                    Due = message.Due with { Payload = read.Due.Payload, CommitNumber = 0 },
                },
                read
            );
            if (read.Due.Payload is { } carried)
            {
                Assert.True(carried.Span.SequenceEqual(payload!.Value.Span));
                Assert.InRange(bytes, 1, 4096);
            }
            else
            {
                Assert.True(payload is null || payload.Value.Length > 2048);
            }
        }
    }

    [Fact]
    public void Write_WhateverThePayload_UsesOnlyCharactersThatSqsTakes()
    {
        var random = new Random(20260102);
        for (var round = 0; round < Rounds; round++)
        {
            var (body, _) = DeliveryMessageCodec.Write(RandomMessage(random), 4096);
            foreach (var rune in body.EnumerateRunes())
            {
                Assert.True(
                    rune.Value
                        is 0x9
                            or 0xA
                            or 0xD
                            or (>= 0x20 and <= 0xD7FF)
                            or (>= 0xE000 and <= 0xFFFD)
                            or (>= 0x10000 and <= 0x10FFFF)
                );
            }
        }
    }

    [Theory]
    [InlineData("")]
    [InlineData("\n")]
    [InlineData("null")]
    [InlineData("[]")]
    [InlineData("{}")]
    [InlineData("hello")]
    [InlineData("\uD800")]
    [InlineData("{\"v\":1}")]
    [InlineData("{\"v\":1,\"dl\":1,\"t\":\"acme\"}")]
    public void Read_OfSomethingElse_SaysSo(string body) => AssertMalformed(body);

    [Theory]
    [InlineData("v", "2")]
    [InlineData("v", "\"1\"")]
    [InlineData("t", "\"A\"")]
    [InlineData("t", "null")]
    [InlineData("e", "\"evt_1\"")]
    [InlineData("p", "\"\"")]
    [InlineData("g", "0")]
    [InlineData("a", "-1")]
    [InlineData("a", "1.5")]
    [InlineData("a", "99999999999")]
    [InlineData("d", "null")]
    [InlineData("d", "9223372036854775807")]
    [InlineData("h", "9223372036854775807")]
    [InlineData("q", "-1")]
    [InlineData("y", "1")]
    public void Read_WithAMemberThatCannotBe_SaysSo(string member, string value)
    {
        var header = JsonNode.Parse(Write(null))!.AsObject();
        header[member] = JsonNode.Parse(value);
        AssertMalformed(header.ToJsonString());
    }

    [Fact]
    public void Read_WithAPayloadThatIsNoBase64_SaysSo() =>
        AssertMalformed(Write([0]).Replace("\nAA==", "\nA", StringComparison.Ordinal));

    [Fact]
    public void Read_WithAPayloadThatIsNoText_SaysSo() =>
        AssertMalformed(Write("x"u8.ToArray())[..^1] + '\uD800');

    [Fact]
    public void Read_WithAMemberThatIsNew_PassesItOver()
    {
        var body = Write("{}"u8.ToArray())
            .Replace("{\"v\":1,", "{\"v\":1,\"z\":[1],", StringComparison.Ordinal);
        AssertPayload("{}"u8.ToArray(), body);
    }

    [Fact]
    public void Read_OfWhateverABodyBecomes_NeverThrows()
    {
        var random = new Random(20260103);
        for (var round = 0; round < Rounds; round++)
        {
            var body = DeliveryMessageCodec.Write(RandomMessage(random), 4096).Body.ToCharArray();
            for (var change = random.Next(1, 4); change > 0; change--)
            {
                body[random.Next(Math.Min(body.Length, 220))] = (char)random.Next(0x10000);
            }

            var text = new string(body, 0, random.Next(body.Length + 1));
            if (!DeliveryMessageCodec.TryRead(text, out _, out var fault))
            {
                Assert.NotEmpty(fault);
            }
        }
    }

    private static void AssertMalformed(string body)
    {
        Assert.False(DeliveryMessageCodec.TryRead(body, out var message, out var fault));
        Assert.Null(message);
        Assert.NotEmpty(fault);
    }

    private static void AssertPayload(byte[] expected, string body) =>
        Assert.Equal(expected, Read(body).Due.Payload!.Value.ToArray());

    private static DeliveryMessage Read(string body)
    {
        Assert.True(DeliveryMessageCodec.TryRead(body, out var message, out var fault), fault);
        return message;
    }

    private static string Write(byte[]? payload) =>
        DeliveryMessageCodec.Write(Message(NewKey(), payload), BytesMax).Body;

    private static DeliveryMessage Message(DeliveryKey key, byte[]? payload)
    {
        var due = new DueDelivery
        {
            Key = key,
            Generation = 1,
            Attempt = 1,
            DueAt = s_now,
        };
        return new DeliveryMessage { Due = payload is null ? due : due with { Payload = payload } };
    }

    private static DeliveryMessage RandomMessage(Random random)
    {
        var message = Message(NewKey(), RandomPayload(random));
        return message with
        {
            Due = message.Due with
            {
                Generation = random.Next(1, int.MaxValue),
                Attempt = random.Next(1, 22),
                DueAt = DateTimeOffset.FromUnixTimeMilliseconds(random.NextInt64(1L << 45)),
                EventType = random.Next(2) == 0 ? null : RandomText(random, 40),
                TraceParent = random.Next(2) == 0 ? null : RandomText(random, 40),
                CommitNumber = random.Next(2),
            },
            Postponements = random.Next(3),
            HealAt = random.Next(2) == 0 ? null : s_now.AddMilliseconds(random.Next()),
            MustVerify = random.Next(2) == 0,
        };
    }

    private static byte[]? RandomPayload(Random random)
    {
        switch (random.Next(5))
        {
            case 0:
                return null;
            case 1:
                var bytes = new byte[random.Next(200)];
                random.NextBytes(bytes);
                return bytes;
            case 2:
                return new byte[random.Next(2500, 5000)];
            default:
                return Encoding.UTF8.GetBytes(RandomText(random, 300));
        }
    }

    /// <summary>Of all planes, and rich in what is special.</summary>
    private static string RandomText(Random random, int lengthMax)
    {
        int[] special =
        [
            0,
            9,
            10,
            13,
            0x1F,
            0x22,
            0x5C,
            0x7F,
            0x2028,
            0xFEFF,
            0xFFFD,
            0xFFFE,
            0xFFFF,
        ];
        var text = new StringBuilder();
        for (var left = random.Next(lengthMax); left > 0; left--)
        {
            var code = random.Next(20) switch
            {
                0 => special[random.Next(special.Length)],
                1 => random.Next(0x10000, 0x110000),
                2 => random.Next(0xE000, 0xFFFF),
                3 => random.Next(0xD800),
                _ => random.Next(0x20, 0x7F),
            };
            text.Append(new Rune(code));
        }

        return text.ToString();
    }

    private static DeliveryKey NewKey() =>
        new(
            TenantId.Parse("acme"),
            new EventId(s_ids.NewId(s_now)),
            new EndpointId(s_ids.NewId(s_now))
        );
}
