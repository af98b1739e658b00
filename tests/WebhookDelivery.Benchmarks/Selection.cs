namespace WebhookDelivery.Benchmarks;

/// <summary>What of all that can be measured the command line asks for.</summary>
/// <param name="Ratios">Ratios, in the order of their running.</param>
/// <param name="Aws">Whether what an event costs on AWS is counted.</param>
/// <param name="Profile">Whether what an event costs the server's process is counted.</param>
/// <param name="Volume">Whether a server with a long backlog is looked at.</param>
internal sealed record Selection(IReadOnlyList<IRatio> Ratios, bool Aws, bool Profile, bool Volume)
{
    private const string AllName = "all";
    private const string AwsName = "aws";
    private const string ProfileName = "profile";
    private const string VolumeName = "volume";

    private static IEnumerable<string> Names =>
        [
            .. RatioList.All.Select(ratio => ratio.Target.Name),
            AwsName,
            ProfileName,
            VolumeName,
            AllName,
        ];

    /// <summary>What is named; every ratio and AWS, all that is judged, for <c>all</c> or if nothing is.</summary>
    /// <exception cref="UsageException">There is no such name; it lists those there are.</exception>
    public static Selection Of(IReadOnlyList<string> names)
    {
        var all = names.Count == 0 || names.Contains(AllName);
        return names.Except(Names, StringComparer.Ordinal).FirstOrDefault() is { } unknown
            ? throw new UsageException(
                $"There is no benchmark {unknown}; there are {string.Join(", ", Names)}."
            )
            : new Selection(
                [.. RatioList.All.Where(ratio => all || names.Contains(ratio.Target.Name))],
                all || names.Contains(AwsName),
                names.Contains(ProfileName),
                names.Contains(VolumeName)
            );
    }
}
