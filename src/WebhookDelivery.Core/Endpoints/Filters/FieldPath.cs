using System.Text;

namespace WebhookDelivery.Core;

/// <summary>
/// Names a field of a payload: steps joined by dots, or a JSON Pointer (RFC 6901) if it begins with a
/// slash. A step names a member of an object, or by a number from 0 an item of an array.
/// </summary>
internal sealed class FieldPath
{
    private readonly string _text;

    private FieldPath(string text, byte[][] steps)
    {
        _text = text;
        Steps = steps;
    }

    /// <summary>The names of the steps in UTF-8; at least one.</summary>
    public IReadOnlyList<byte[]> Steps { get; }

    /// <summary>Reads one; null, with what is wrong, if the text is none.</summary>
    public static FieldPath? Parse(string text, out string? fault)
    {
        var pointer = text.StartsWith('/');
        var steps = pointer ? text[1..].Split('/') : text.Split('.');
        fault = true switch
        {
            _ when text.Length is 0 or > PayloadFilter.TextLengthMax =>
                $"Must have 1 to {PayloadFilter.TextLengthMax} characters.",
            _ when steps.Length > PayloadFilter.FieldStepsMax =>
                $"May have at most {PayloadFilter.FieldStepsMax} steps.",
            _ when pointer && !steps.All(IsEscaped) =>
                "In a JSON Pointer, ~ stands only before 0 or 1.",
            _ when !pointer && steps.Contains("") =>
                "Has an empty step; a name that is empty or has a dot in it takes a JSON Pointer, such as /a.b/c.",
            _ => null,
        };
        return fault is null
            ? new FieldPath(
                text,
                [.. steps.Select(step => Encoding.UTF8.GetBytes(pointer ? Unescape(step) : step))]
            )
            : null;
    }

    /// <summary>As it was given.</summary>
    public override string ToString() => _text;

    private static bool IsEscaped(string step)
    {
        for (var at = step.IndexOf('~'); at >= 0; at = step.IndexOf('~', at + 1))
        {
            if (at + 1 == step.Length || step[at + 1] is not ('0' or '1'))
            {
                return false;
            }
        }

        return true;
    }

    private static string Unescape(string step) =>
        step.Replace("~1", "/", StringComparison.Ordinal)
            .Replace("~0", "~", StringComparison.Ordinal);
}
