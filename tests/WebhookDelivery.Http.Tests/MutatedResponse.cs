using System.Text;
using System.Text.RegularExpressions;

namespace WebhookDelivery.Http.Tests;

/// <summary>A response with random faults. The same seed makes the same one.</summary>
internal sealed partial class MutatedResponse
{
    private static readonly string[] s_wellFormed =
    [
        "HTTP/1.1 200 OK\r\nContent-Length: 5\r\nContent-Type: text/plain\r\n\r\nhello",
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nTrailer: X\r\n\r\n5;a=b\r\nhello\r\n1\r\n!\r\n0\r\nX: y\r\n\r\n",
        "HTTP/1.1 204 No Content\r\nServer: x\r\nKeep-Alive: timeout=5, max=100\r\n\r\n",
        "HTTP/1.0 200 OK\r\nServer: x\r\n\r\nuntil the end",
        "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Hints\r\nLink: <a>; rel=b\r\n\r\nHTTP/1.1 202 Accepted\r\nContent-Length: 0\r\n\r\n",
        "HTTP/1.1 101 Switching Protocols\r\nConnection: upgrade\r\nUpgrade: x\r\n\r\n",
        "HTTP/1.1 307 Again\r\nLocation: /hook\r\nContent-Length: 0\r\n\r\n",
        "HTTP/1.1 410 Gone\r\nConnection: close\r\nContent-Length: 4\r\n\r\ngone",
        "HTTP/1.1 429 Wait\r\nRetry-After: 120\r\nContent-Length: 0\r\n\r\n",
        "HTTP/1.1 503 Down\r\nRetry-After: Sun, 01 Mar 2026 12:01:00 GMT\r\nContent-Encoding: gzip\r\nContent-Length: 3\r\n\r\nxyz",
    ];

    /// <summary>What parsers trip over: separators, signs, limits of numbers, parts of heads.</summary>
    private static readonly string[] s_tokens =
    [
        "\r",
        "\n",
        "\r\n",
        "\r\n\r\n",
        "\0",
        " ",
        "\t",
        ":",
        ";",
        ",",
        "-",
        "+",
        "\x1b[31m",
        "\x7f",
        "\xff\xfe",
        "-1",
        "0",
        "999",
        "2147483648",
        "4294967296",
        "18446744073709551616",
        "ffffffffffffffff",
        "7fffffffffffffff",
        "HTTP/1.1 200 OK\r\n",
        "HTTP/1.1 ",
        "HTTP/1.0",
        "HTTP/2.0 200\r\n",
        "Transfer-Encoding: chunked\r\n",
        "Transfer-Encoding: \r\n",
        "Content-Length: 3\r\n",
        "Content-Length: ",
        "Content-Type: a/b; c=\"\r\n",
        "Retry-After: \r\n",
        "Set-Cookie: a=b\r\n",
        "Connection: close, upgrade\r\n",
        "Keep-Alive: timeout=-1\r\n",
        " folded\r\n",
    ];

    private readonly int[] _cuts;

    private MutatedResponse(byte[] bytes, int[] cuts) => (Bytes, _cuts) = (bytes, cuts);

    /// <summary>What is sent.</summary>
    public byte[] Bytes { get; }

    public static MutatedResponse Of(int seed)
    {
        var random = new Random(seed);
        var bytes = new List<byte>(
            Encoding.Latin1.GetBytes(s_wellFormed[random.Next(s_wellFormed.Length)])
        );
        for (var faults = random.Next(5); faults > 0; faults--)
        {
            Mutate(bytes, random);
        }

        return new MutatedResponse(
            [.. bytes],
            [
                .. Enumerable
                    .Range(0, random.Next(4))
                    .Select(_ => random.Next(bytes.Count + 1))
                    .Order(),
            ]
        );
    }

    /// <summary>The bytes in a few writes, cut anywhere.</summary>
    public IEnumerable<ReadOnlyMemory<byte>> Pieces()
    {
        var start = 0;
        foreach (var cut in _cuts.Append(Bytes.Length))
        {
            yield return Bytes.AsMemory(start, cut - start);
            start = cut;
        }
    }

    /// <summary>
    /// Whether the bytes have a line that says this 2xx status: the first one, or one that follows
    /// the end of another head.
    /// </summary>
    public bool MayBeDelivered(int? status) =>
        status is >= 200 and <= 299
        && StatusLines()
            .Matches(Encoding.Latin1.GetString(Bytes))
            .Any(line => line.Groups["status"].Value == status.ToString());

    private static void Mutate(List<byte> bytes, Random random)
    {
        // Nothing is left of it after some faults.
        if (bytes.Count == 0)
        {
            return;
        }

        var at = random.Next(bytes.Count);
        var length = Math.Min(random.Next(1, 20), bytes.Count - at);
        switch (random.Next(7))
        {
            case 0:
                bytes[at] = (byte)random.Next(256);
                break;
            case 1:
                bytes[at] ^= (byte)(1 << random.Next(8));
                break;
            case 2:
                bytes.RemoveRange(at, length);
                break;
            case 3:
                bytes.RemoveRange(at, bytes.Count - at);
                break;
            case 4:
                bytes.InsertRange(at, bytes.GetRange(at, length));
                break;
            case 5:
                bytes.InsertRange(
                    at,
                    Enumerable.Repeat(bytes[at], random.Next(4) == 0 ? 40_000 : 200)
                );
                break;
            default:
                bytes.InsertRange(
                    at,
                    Encoding.Latin1.GetBytes(s_tokens[random.Next(s_tokens.Length)])
                );
                break;
        }
    }

    [GeneratedRegex(
        @"(?:^|\n)HTTP/1\.[0-9] (?<status>[0-9]{3})(?=[ \r\n])",
        RegexOptions.ExplicitCapture,
        1000
    )]
    private static partial Regex StatusLines();
}
