using System.Runtime.CompilerServices;
using System.Text;

namespace WebhookDelivery.Simulation.Tests;

/// <summary>Puts a line of a trace together, or does nothing where nobody reads it.</summary>
[InterpolatedStringHandler]
internal readonly ref struct TraceWords
{
    private readonly StringBuilder? _text;

    public TraceWords(int literalLength, int formattedCount, Trace trace, out bool wanted)
    {
        wanted = trace.IsInWords;
        _text = wanted ? new StringBuilder(literalLength + (formattedCount * 16)) : null;
    }

    public void AppendLiteral(string value) => _text!.Append(value);

    public void AppendFormatted<T>(T value) => _text!.Append(value);

    public override string ToString() => _text?.ToString() ?? "";
}
