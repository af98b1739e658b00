namespace WebhookDelivery.Benchmarks;

/// <summary>What of all that can be measured the command line asks for.</summary>
/// <param name="Ratios">Ratios, in the order of their running.</param>
/// <param name="Aws">Whether what an event costs on AWS is counted.</param>
/// <param name="Profile">Whether what an event costs the server's process is counted.</param>
internal sealed record Selection(IReadOnlyList<IRatio> Ratios, bool Aws, bool Profile)
{
    private const string AwsName = "aws";
    private const string ProfileName = "profile";

    private static IEnumerable<string> Names =>
        [.. RatioList.All.Select(ratio => ratio.Target.Name), AwsName, ProfileName];

    /// <summary>What is named; every ratio and AWS, all that is judged, if nothing is.</summary>
    /// <exception cref="UsageException">There is no such name; it lists those there are.</exception>
    public static Selection Of(IReadOnlyList<string> names) =>
        names.Except(Names, StringComparer.Ordinal).FirstOrDefault() is { } unknown
            ? throw new UsageException(
                $"There is no benchmark {unknown}; there are {string.Join(", ", Names)}."
            )
        : names.Count == 0 ? new Selection(RatioList.All, Aws: true, Profile: false)
        : new Selection(
            [.. RatioList.All.Where(ratio => names.Contains(ratio.Target.Name))],
            names.Contains(AwsName),
            names.Contains(ProfileName)
        );
}
