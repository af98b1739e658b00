namespace WebhookDelivery.Benchmarks;

/// <summary>Says before a run how long it is likely to take.</summary>
internal static class Estimate
{
    public static void Print(TextWriter to, Selection selection, RunSettings settings)
    {
        if (selection.Ratios.Count == 0)
        {
            return;
        }

        var total = 0.0;
        to.WriteLine($"estimate, {Effort.Assumption}:");
        foreach (var ratio in selection.Ratios)
        {
            var minutes = ratio.Effort(settings).Minutes;
            total += minutes;
            to.WriteLine($"  {ratio.Target.Name, -12}{minutes, 6:0.0} min");
        }

        to.WriteLine($"  {"in all", -12}{total, 6:0.0} min{Besides(selection)}");
        to.WriteLine();
    }

    /// <summary>What is measured until it is done, and cannot be told beforehand.</summary>
    private static string Besides(Selection selection)
    {
        string[] besides =
        [
            .. selection.Aws ? ["aws"] : Array.Empty<string>(),
            .. selection.Profile ? ["profile"] : Array.Empty<string>(),
            .. selection.Volume ? ["volume"] : Array.Empty<string>(),
        ];
        return besides.Length == 0 ? "" : $", besides {string.Join(", ", besides)}";
    }
}
