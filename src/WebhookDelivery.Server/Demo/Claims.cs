using Spectre.Console;

namespace WebhookDelivery.Server;

/// <summary>What the demo claims, each checked as it is made.</summary>
internal sealed class Claims(IAnsiConsole console)
{
    private readonly List<(string Text, bool Held)> _all = [];

    /// <summary>True if there are claims and every one held.</summary>
    public bool AllHeld => _all.Count > 0 && _all.TrueForAll(claim => claim.Held);

    public void Check(string text, bool held)
    {
        _all.Add((text, held));
        if (held)
        {
            console.MarkupLineInterpolated($"           [green]held[/]    {text}");
        }
        else
        {
            console.MarkupLineInterpolated($"           [red]FAILED[/]  {text}");
        }
    }

    public void Summarise(TimeSpan took)
    {
        var held = _all.Count(claim => claim.Held);
        console.WriteLine();
        console.MarkupLineInterpolated(
            $"[bold]{held} of {_all.Count} claims held[/], in {took.TotalSeconds:F1} s."
        );
        foreach (var (text, _) in _all.Where(claim => !claim.Held))
        {
            console.MarkupLineInterpolated($"  [red]failed:[/] {text}");
        }
    }
}
