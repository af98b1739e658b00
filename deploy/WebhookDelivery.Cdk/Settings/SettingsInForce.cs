namespace WebhookDelivery.Cdk;

/// <summary>
/// The settings as a line of <c>key=value</c>, which the stack keeps as an output, so that a later
/// deployment cannot change them unseen by leaving them out.
/// </summary>
internal static class SettingsInForce
{
    private const string ZoneKey = "hostedZone";

    /// <summary>The line. No value holds a space; a setting that is not given has none.</summary>
    public static string Write(DeploymentSettings settings) =>
        string.Join(' ', Pairs(settings).Select(each => $"{each.Key}={each.Value}"));

    /// <summary>Refuses to change what is deployed by a setting that was not given.</summary>
    /// <param name="line">What <see cref="Write"/> made for the deployed stack; keys that are not known
    /// now, and anything else, are passed over.</param>
    /// <param name="settings">Those of this deployment.</param>
    /// <param name="context">What was given of them; an empty value counts.</param>
    /// <param name="environment">The environment; an empty variable counts as given.</param>
    /// <exception cref="InvalidSettingsException">It says everything that would change.</exception>
    public static void RefuseSilentChanges(
        string line,
        DeploymentSettings settings,
        IReadOnlyDictionary<string, string> context,
        Func<string, string?> environment
    )
    {
        var pairs = Pairs(settings).ToDictionary(StringComparer.Ordinal);
        var faults = new List<string>();
        foreach (var each in line.Split(' '))
        {
            var (key, deployed) = each.Split('=', 2) is [var left, var right]
                ? (left, right)
                : ("", "");
            var given =
                key == ZoneKey
                    ? environment("HOSTED_ZONE_URL") is not null
                    : context.ContainsKey(key);
            if (!given && pairs.TryGetValue(key, out var value) && value != deployed)
            {
                faults.Add(key == ZoneKey ? Dropped(deployed) : Changed(key, deployed, value));
            }
        }

        if (faults.Count > 0)
        {
            throw new InvalidSettingsException(faults);
        }
    }

    private static string Changed(string key, string deployed, string value) =>
        $"{key}: the deployed stack has '{deployed}', this would make it '{value}'. "
        + $"Give -c {key}={deployed} to keep it, or -c {key}={value} to change it.";

    // Without the variables there is no zone at all, so there is nothing else that it could become.
    private static string Dropped(string zone) =>
        $"HOSTED_ZONE_URL: the deployed stack has a name in {zone}, this would drop it. "
        + "Set it and HOSTED_ZONE_ID to keep the name, or set both empty to drop it.";

    private static IEnumerable<KeyValuePair<string, string>> Pairs(DeploymentSettings settings)
    {
        yield return new("retain", settings.Retain ? "true" : "false");
        yield return new("logRetentionDays", $"{settings.LogRetentionDays}");
        yield return new("eventDays", $"{settings.EventDays}");
        yield return new("deadLetterDays", $"{settings.DeadLetterDays}");
        yield return new("throttleRate", $"{settings.ThrottleRate}");
        yield return new("throttleBurst", $"{settings.ThrottleBurst}");
        yield return new("workerConcurrency", $"{settings.WorkerConcurrency}");
        yield return new("alarmEmail", settings.AlarmEmail ?? "");
        yield return new("alarmTopicArn", settings.AlarmTopicArn ?? "");
        yield return new(ZoneKey, settings.Domain?.ZoneName ?? "");
        if (settings.Domain is { } domain)
        {
            yield return new("apiSubdomain", domain.HostName[..^(domain.ZoneName.Length + 1)]);
        }
    }
}
