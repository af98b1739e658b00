using System.IO.Compression;
using System.Text;
using WebhookDelivery.Core;

namespace WebhookDelivery.Testing;

/// <summary>Receivers whose body is too long, too short, malformed or not what it seems.</summary>
internal static class BodyReceivers
{
    private const string Ok = "HTTP/1.1 200 OK\r\n";

    private const string Chunked = Ok + "Transfer-Encoding: chunked\r\n\r\n";

    private static readonly byte[] s_block = new byte[16 * 1024];

    private static readonly Lazy<byte[]> s_bomb = new(() => GzipOf(64 * 1024 * 1024));

    public static IReadOnlyList<HostileReceiver> All { get; } =
    [
        Flood("10 GB body", Ok + "Content-Length: 10737418240\r\n\r\n", s_block),
        Flood("body without end", Ok + "\r\n", s_block),
        Flood("endless chunks of a byte", Chunked, "1\r\na\r\n"u8.ToArray()),
        Flood("endless chunk extension", Chunked + "1;x=", s_block),
        Flood(
            "chunks of a byte under huge extensions",
            Chunked,
            Encoding.ASCII.GetBytes($"1;x={new string('y', 12_000)}\r\na\r\n")
        ),
        Flood("endless trailers", Chunked + "1\r\na\r\n0\r\n", "X-Trailer: more\r\n"u8.ToArray()),
        HostileReceiver.Flooding(
            "error page of 10 GB",
            ReasonCode.HttpStatus,
            500,
            "HTTP/1.1 500 Oops\r\nContent-Length: 10737418240\r\n\r\n",
            s_block
        ),
        HostileReceiver.Of(
            "gzip bomb",
            ReasonCode.Delivered,
            200,
            async connection =>
            {
                await connection.ReadRequestAsync();
                await connection.SendAsync(
                    Ok + $"Content-Encoding: gzip\r\nContent-Length: {s_bomb.Value.Length}\r\n\r\n"
                );
                await connection.SendAsync(s_bomb.Value);
            }
        ),
        Good("short body", Ok + "Content-Length: 100\r\n\r\nshort"),
        Good("negative chunk size", Chunked + "-5\r\nhello\r\n0\r\n\r\n"),
        Good("chunk size beyond 64 bits", Chunked + "ffffffffffffffffff\r\nhello\r\n"),
        Good("chunk size of no meaning", Chunked + "zz\r\nhello\r\n"),
        Good("chunk longer than its size", Chunked + "2\r\nhello\r\n0\r\n\r\n"),
        HostileReceiver.Answering(
            "204 with a body",
            ReasonCode.Delivered,
            204,
            "HTTP/1.1 204 No\r\nContent-Length: 5\r\n\r\nhello"
        ),
        HostileReceiver.Answering(
            "205 with a body",
            ReasonCode.Delivered,
            205,
            "HTTP/1.1 205 Reset\r\nContent-Length: 5\r\n\r\nhello"
        ),
        HostileReceiver.Answering(
            "304 with a body",
            ReasonCode.HttpStatus,
            304,
            "HTTP/1.1 304 No\r\nContent-Length: 5\r\n\r\nhello"
        ),
        HostileReceiver.Closing(
            "escape sequences in the body",
            ReasonCode.HttpStatus,
            500,
            "HTTP/1.1 500 Oops\r\n\r\n\x1b[2J\x1b]0;owned\x07\r\nwarn: forged line\r\n\0\u009b31m\xff"
        ),
    ];

    private static HostileReceiver Flood(string name, string start, byte[] forever) =>
        HostileReceiver.Flooding(name, ReasonCode.Delivered, 200, start, forever);

    private static HostileReceiver Good(string name, string answer) =>
        HostileReceiver.Closing(name, ReasonCode.Delivered, 200, answer);

    private static byte[] GzipOf(int zeros)
    {
        using var packed = new MemoryStream();
        using (var gzip = new GZipStream(packed, CompressionLevel.Fastest))
        {
            gzip.Write(new byte[zeros]);
        }

        return packed.ToArray();
    }
}
