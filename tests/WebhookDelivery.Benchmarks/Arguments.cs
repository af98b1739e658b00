using System.Globalization;

namespace WebhookDelivery.Benchmarks;

/// <summary>A command line of words and <c>--name value</c> pairs.</summary>
internal sealed class Arguments
{
    private readonly Dictionary<string, string> _values = new(StringComparer.Ordinal);

    private Arguments() { }

    /// <summary>The words that belong to no name.</summary>
    public List<string> Words { get; } = [];

    public static Arguments Parse(ReadOnlySpan<string> args)
    {
        var parsed = new Arguments();
        for (var i = 0; i < args.Length; i++)
        {
            if (!args[i].StartsWith("--", StringComparison.Ordinal))
            {
                parsed.Words.Add(args[i]);
            }
            else if (i + 1 < args.Length)
            {
                parsed._values[args[i][2..]] = args[++i];
            }
            else
            {
                throw new UsageException($"{args[i]} needs a value.");
            }
        }

        return parsed;
    }

    public string Text(string name) =>
        _values.GetValueOrDefault(name) ?? throw new UsageException($"--{name} is missing.");

    public int Whole(string name, int otherwise) =>
        !_values.TryGetValue(name, out var text) ? otherwise
        : int.TryParse(text, CultureInfo.InvariantCulture, out var value) && value >= 0 ? value
        : throw new UsageException($"--{name} is a whole number, not '{text}'.");

    public double Number(string name, double otherwise) =>
        !_values.TryGetValue(name, out var text) ? otherwise
        : double.TryParse(text, CultureInfo.InvariantCulture, out var value) && value >= 0 ? value
        : throw new UsageException($"--{name} is a number, not '{text}'.");

    public string Text(string name, string otherwise) => _values.GetValueOrDefault(name, otherwise);

    /// <summary>Faults a name that nobody asks for: a slip must not measure something else.</summary>
    public void Allow(params ReadOnlySpan<string> names)
    {
        foreach (var name in _values.Keys)
        {
            if (!names.Contains(name))
            {
                throw new UsageException($"There is no option --{name}.");
            }
        }
    }
}
