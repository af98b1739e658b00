using System.Globalization;
using System.Text.RegularExpressions;

namespace WebhookDelivery.Cdk;

/// <summary>Reads the context, and collects what is wrong with it rather than stopping at the first.</summary>
internal sealed class ContextReader(IReadOnlyDictionary<string, string> context)
{
    private readonly List<string> _faults = [];
    private readonly HashSet<string> _known = new(StringComparer.Ordinal);

    /// <summary>What is wrong so far.</summary>
    public IReadOnlyList<string> Faults => _faults;

    /// <summary>Notes that something is wrong.</summary>
    public void Fault(string key, string what) => _faults.Add($"{key}: {what}.");

    /// <summary>A text of a form, or its default.</summary>
    public string Text(string key, Regex form, string rule, string otherwise) =>
        TextOrNull(key, form, rule) ?? otherwise;

    /// <summary>A text of a form; null if it is not given.</summary>
    public string? TextOrNull(string key, Regex form, string rule)
    {
        var text = Find(key);
        if (text is not null && !form.IsMatch(text))
        {
            Fault(key, rule);
        }

        return text;
    }

    /// <summary>true or false, or its default.</summary>
    public bool Truth(string key, bool otherwise)
    {
        if (Find(key) is not { } text)
        {
            return otherwise;
        }

        if (!bool.TryParse(text, out var truth))
        {
            Fault(key, "must be true or false");
        }

        return truth;
    }

    /// <summary>A whole number in bounds, both inclusive, or its default.</summary>
    public int Whole(string key, int min, int max, int otherwise)
    {
        if (Find(key) is not { } text)
        {
            return otherwise;
        }

        if (!TryRead(text, out var number) || number < min || number > max)
        {
            Fault(key, $"must be a whole number from {min} to {max}");
        }

        return number;
    }

    /// <summary>One of some whole numbers, or its default.</summary>
    public int OneOf(string key, IReadOnlyList<int> choices, int otherwise)
    {
        if (Find(key) is not { } text)
        {
            return otherwise;
        }

        if (!TryRead(text, out var number) || !choices.Contains(number))
        {
            Fault(key, $"must be one of {string.Join(", ", choices)}");
        }

        return number;
    }

    /// <summary>A directory that exists, or its default, which must exist as well.</summary>
    public string Directory(string key, string otherwise)
    {
        var path = Find(key) ?? otherwise;
        if (!System.IO.Directory.Exists(path))
        {
            Fault(key, $"{path} is not there; scripts/deploy.sh publishes the functions to it");
        }

        return path;
    }

    /// <summary>Notes keys that nothing has read: a mistyped <c>retain</c> must not pass for its default.</summary>
    public void RefuseUnknown()
    {
        foreach (var key in context.Keys.Where(key => !_known.Contains(key)).Order())
        {
            Fault(key, $"is not known. Known are {string.Join(", ", _known.Order())}");
        }
    }

    private string? Find(string key)
    {
        _known.Add(key);
        return context.GetValueOrDefault(key) is { Length: > 0 } text ? text : null;
    }

    private static bool TryRead(string text, out int number) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out number);
}
