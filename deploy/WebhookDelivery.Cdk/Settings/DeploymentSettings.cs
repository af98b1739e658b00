using System.Text.RegularExpressions;
using WebhookDelivery.Core;

namespace WebhookDelivery.Cdk;

/// <summary>Everything that a deployment can be told: context, and two variables for a domain.</summary>
internal sealed partial record DeploymentSettings
{
    /// <summary>Days of <see cref="PayloadDays"/> beyond what the arithmetic demands.</summary>
    private const int PayloadMarginDays = 16;

    /// <summary>Those that CloudWatch knows, up to ten years.</summary>
    private static readonly int[] LogDays =
    [
        1,
        3,
        5,
        7,
        14,
        30,
        60,
        90,
        120,
        150,
        180,
        365,
        400,
        545,
        731,
        1096,
        1827,
        2192,
        2557,
        2922,
        3288,
        3653,
    ];

    /// <summary>
    /// Context <c>prefix</c>: what names begin with, so that an account can hold several; at most 24
    /// characters, which leaves room for account and region in the bucket's 63; default <c>webhooks</c>.
    /// </summary>
    public string Prefix { get; init; } = "webhooks";

    /// <summary>Context <c>retain</c>: whether data outlives the stack; default true.</summary>
    public bool Retain { get; init; } = true;

    /// <summary>Context <c>lambdaDirectory</c>: the published functions, relative to the current directory; default <c>artifacts/lambda</c>.</summary>
    public string LambdaDirectory { get; init; } = "artifacts/lambda";

    /// <summary>Context <c>logRetentionDays</c>: how long logs are kept; default 30.</summary>
    public int LogRetentionDays { get; init; } = 30;

    /// <summary>Context <c>eventDays</c>: how long finished events are kept; default 30.</summary>
    public int EventDays { get; init; } = Retention.Default.Events.Days;

    /// <summary>Context <c>deadLetterDays</c>: how long dead letters are kept; default 14.</summary>
    public int DeadLetterDays { get; init; } = Retention.Default.DeadLetters.Days;

    /// <summary>Context <c>throttleRate</c>: requests per second that the API takes, all tenants together; default 1,000.</summary>
    public int ThrottleRate { get; init; } = 1000;

    /// <summary>Context <c>throttleBurst</c>: requests at once beyond the rate; default 2,000.</summary>
    public int ThrottleBurst { get; init; } = 2000;

    /// <summary>Context <c>workerConcurrency</c>: most batches of ten delivered at once; default 50, that is 500 deliveries.</summary>
    public int WorkerConcurrency { get; init; } = 50;

    /// <summary>Context <c>alarmEmail</c>: who is told of alarms; null for nobody.</summary>
    public string? AlarmEmail { get; init; }

    /// <summary>Context <c>alarmTopicArn</c>: a topic that is told of alarms; null for none.</summary>
    public string? AlarmTopicArn { get; init; }

    /// <summary>The API's own name; null for the one that AWS gives it.</summary>
    public CustomDomain? Domain { get; init; }

    /// <summary>The stack's name: one for each prefix.</summary>
    public string StackName => $"WebhookDelivery-{Prefix}";

    /// <summary>
    /// When the bucket expires a payload that nobody erased: no earlier than its event can, that is
    /// the longest retry schedule (14 days) and the retention after it, and some days of margin.
    /// </summary>
    public int PayloadDays =>
        RetrySchedule.TotalMax.Days + Math.Max(EventDays, DeadLetterDays) + PayloadMarginDays;

    /// <summary>Reads and checks everything.</summary>
    /// <param name="context">What <c>-c key=value</c> says.</param>
    /// <param name="environment">The environment; null for a variable that is not set.</param>
    /// <exception cref="InvalidSettingsException">Something is wrong; it says everything that is.</exception>
    public static DeploymentSettings Read(
        IReadOnlyDictionary<string, string> context,
        Func<string, string?> environment
    )
    {
        var reader = new ContextReader(context);
        var settings = new DeploymentSettings();
        settings = settings with
        {
            Prefix = reader.Text(
                "prefix",
                PrefixForm(),
                "must be a letter, then up to 23 letters, digits and hyphens, the last no hyphen",
                settings.Prefix
            ),
            Retain = reader.Truth("retain", settings.Retain),
            LambdaDirectory = reader.Directory("lambdaDirectory", settings.LambdaDirectory),
            LogRetentionDays = reader.OneOf("logRetentionDays", LogDays, settings.LogRetentionDays),
            EventDays = reader.Whole("eventDays", 1, 3650, settings.EventDays),
            DeadLetterDays = reader.Whole("deadLetterDays", 1, 3650, settings.DeadLetterDays),
            ThrottleRate = reader.Whole("throttleRate", 1, 100_000, settings.ThrottleRate),
            ThrottleBurst = reader.Whole("throttleBurst", 1, 100_000, settings.ThrottleBurst),
            WorkerConcurrency = reader.Whole(
                "workerConcurrency",
                2,
                1000,
                settings.WorkerConcurrency
            ),
            AlarmEmail = reader.TextOrNull(
                "alarmEmail",
                EmailForm(),
                "must be an e-mail address such as ops@example.com"
            ),
            AlarmTopicArn = reader.TextOrNull(
                "alarmTopicArn",
                TopicForm(),
                "must be the ARN of an SNS topic"
            ),
            Domain = ReadDomain(reader, environment),
        };
        reader.RefuseUnknown();
        return reader.Faults.Count == 0
            ? settings
            : throw new InvalidSettingsException(reader.Faults);
    }

    private static CustomDomain? ReadDomain(ContextReader reader, Func<string, string?> environment)
    {
        var label = reader.Text(
            "apiSubdomain",
            LabelForm(),
            "must be a host name's label such as api",
            "api"
        );
        var id = environment("HOSTED_ZONE_ID") is { Length: > 0 } givenId ? givenId : null;
        var url = environment("HOSTED_ZONE_URL") is { Length: > 0 } givenUrl ? givenUrl : null;
        if (id is null && url is null)
        {
            return null;
        }

        if (id is null || url is null)
        {
            var (set, missing) = id is null
                ? ("HOSTED_ZONE_URL", "HOSTED_ZONE_ID")
                : ("HOSTED_ZONE_ID", "HOSTED_ZONE_URL");
            reader.Fault(
                missing,
                $"is not set, but {set} is. Set both for a domain of your own, or neither"
            );
            return null;
        }

        if (!ZoneIdForm().IsMatch(id))
        {
            reader.Fault(
                "HOSTED_ZONE_ID",
                "must be the id of a hosted zone such as Z0123456789ABC"
            );
        }

        // Its name says URL: take one for the name that it holds.
        var zone = SchemeForm().Replace(url, string.Empty).TrimEnd('/').TrimEnd('.');
        if (!ZoneNameForm().IsMatch(zone))
        {
            reader.Fault(
                "HOSTED_ZONE_URL",
                "must be the name of a hosted zone such as example.com"
            );
        }

        return new CustomDomain(id, zone, $"{label}.{zone}");
    }

    [GeneratedRegex(
        "^[A-Za-z]([A-Za-z0-9-]{0,22}[A-Za-z0-9])?$",
        RegexOptions.ExplicitCapture,
        1000
    )]
    private static partial Regex PrefixForm();

    [GeneratedRegex(@"^[^@\s]+@[^@\s]+\.[^@\s]+$", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex EmailForm();

    [GeneratedRegex(
        "^arn:aws[a-z-]*:sns:[a-z0-9-]+:[0-9]{12}:[A-Za-z0-9_.-]+$",
        RegexOptions.ExplicitCapture,
        1000
    )]
    private static partial Regex TopicForm();

    [GeneratedRegex("^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex LabelForm();

    [GeneratedRegex("^Z[A-Z0-9]{1,31}$", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex ZoneIdForm();

    [GeneratedRegex("^https?://", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex SchemeForm();

    [GeneratedRegex(
        @"^([a-z0-9]([a-z0-9-]*[a-z0-9])?\.)+[a-z]{2,}$",
        RegexOptions.ExplicitCapture,
        1000
    )]
    private static partial Regex ZoneNameForm();
}
