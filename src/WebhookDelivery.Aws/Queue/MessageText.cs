using System.Buffers;
using System.Diagnostics.CodeAnalysis;
using System.Text;

namespace WebhookDelivery.Aws;

/// <summary>
/// Which bytes SQS takes as text: UTF-8 of #x9, #xA, #xD, #x20–#xD7FF, #xE000–#xFFFD and
/// #x10000–#x10FFFF.
/// </summary>
/// <seealso href="https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_SendMessage.html"/>
internal static class MessageText
{
    private static readonly UTF8Encoding s_strict = new(
        encoderShouldEmitUTF8Identifier: false,
        throwOnInvalidBytes: true
    );

    /// <summary>The controls without tab, line feed and carriage return, and two non-characters.</summary>
    private static readonly SearchValues<char> s_refused = SearchValues.Create([
        .. Enumerable
            .Range(0, 0x20)
            .Select(code => (char)code)
            .Where(code => code is not ('\t' or '\n' or '\r')),
        '\uFFFE',
        '\uFFFF',
    ]);

    /// <summary>The text of these bytes; false if SQS would refuse it or they are not UTF-8.</summary>
    public static bool TryRead(ReadOnlySpan<byte> bytes, [NotNullWhen(true)] out string? text)
    {
        try
        {
            // Nothing is stripped: a byte order mark is a character like others.
            text = s_strict.GetString(bytes);
        }
        catch (DecoderFallbackException)
        {
            text = null;
            return false;
        }

        if (text.AsSpan().ContainsAny(s_refused))
        {
            text = null;
            return false;
        }

        return true;
    }

    /// <summary>The bytes of this text; false if it is not well-formed UTF-16.</summary>
    public static bool TryWrite(ReadOnlySpan<char> text, [NotNullWhen(true)] out byte[]? bytes)
    {
        try
        {
            bytes = new byte[s_strict.GetByteCount(text)];
            s_strict.GetBytes(text, bytes);
            return true;
        }
        catch (EncoderFallbackException)
        {
            bytes = null;
            return false;
        }
    }
}
