namespace WebhookDelivery.Cdk;

/// <summary>Reads <c>-c key=value</c>, as CDK's own command line writes context; repeatable.</summary>
internal static class ContextArguments
{
    /// <summary>The context; a key given twice has its last value.</summary>
    /// <exception cref="InvalidSettingsException">Something else is there.</exception>
    public static Dictionary<string, string> Read(IReadOnlyList<string> arguments)
    {
        var context = new Dictionary<string, string>(StringComparer.Ordinal);
        var faults = new List<string>();
        for (var i = 0; i < arguments.Count; i++)
        {
            var pair = arguments[i] is "-c" ? arguments.ElementAtOrDefault(++i) : null;
            var equals = pair?.IndexOf('=', StringComparison.Ordinal) ?? -1;
            if (equals > 0)
            {
                context[pair![..equals]] = pair[(equals + 1)..];
            }
            else
            {
                faults.Add($"{pair ?? arguments[^1]}: expected -c key=value");
            }
        }

        return faults.Count == 0 ? context : throw new InvalidSettingsException(faults);
    }
}
