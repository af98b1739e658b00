using System.Runtime.CompilerServices;

namespace WebhookDelivery.Simulation.Tests;

/// <summary>
/// What happened, as a number that two runs of one seed must agree on; and in words, where somebody
/// wants to read them.
/// </summary>
internal sealed class Trace(bool inWords)
{
    private const ulong Prime = 0x100000001b3;
    private readonly List<string> _lines = [];

    /// <summary>The number, of everything so far.</summary>
    public ulong Hash { get; private set; } = 0xcbf29ce484222325;

    /// <summary>The words, oldest first; none unless asked for.</summary>
    public IReadOnlyList<string> Lines => _lines;

    public bool IsInWords => inWords;

    public void Add(ulong value) => Hash = ((Hash ^ value) * Prime) ^ (value >> 29);

    public void Add(string what, ulong value = 0)
    {
        foreach (var character in what)
        {
            Add(character);
        }

        Add(value);
    }

    /// <summary>Adds words; they are put together only where somebody wants them.</summary>
    public void Say([InterpolatedStringHandlerArgument("")] ref TraceWords words)
    {
        if (inWords)
        {
            _lines.Add(words.ToString());
        }
    }
}
