using System.Text;

namespace WebhookDelivery.Core;

/// <summary>A field's value, as the payload has it.</summary>
/// <param name="kind">What it is.</param>
/// <param name="raw">A number's or a text's bytes, escapes and all, without quotes; else empty.</param>
internal readonly ref struct PayloadValue(PayloadKind kind, ReadOnlySpan<byte> raw)
{
    /// <summary>Most bytes of a value that an explanation repeats.</summary>
    private const int ShownBytesMax = 60;

    public PayloadKind Kind { get; } = kind;

    public ReadOnlySpan<byte> Raw { get; } = raw;

    /// <summary>It in words, its end left out if it is long.</summary>
    public string Show() =>
        Kind switch
        {
            PayloadKind.Missing => "missing",
            PayloadKind.Null => "null",
            PayloadKind.True => "true",
            PayloadKind.False => "false",
            PayloadKind.Number => Shorten(),
            PayloadKind.Text => $"\"{Shorten()}\"",
            PayloadKind.Array => "an array",
            _ => "an object",
        };

    private string Shorten()
    {
        if (Raw.Length <= ShownBytesMax)
        {
            return Encoding.UTF8.GetString(Raw);
        }

        var end = ShownBytesMax;
        while ((Raw[end] & 0xC0) == 0x80)
        {
            end--;
        }

        return Encoding.UTF8.GetString(Raw[..end]) + "…";
    }
}
