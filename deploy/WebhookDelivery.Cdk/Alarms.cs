using Amazon.CDK;
using Amazon.CDK.AWS.CloudWatch;
using Constructs;

namespace WebhookDelivery.Cdk;

/// <summary>What must not go unseen.</summary>
internal sealed class Alarms(Construct scope, string prefix)
{
    /// <summary>
    /// Above the longest delay of a message, 15 minutes, which counts as age: what is older waited
    /// for a worker that did not come. Below the half hour after which five receives of six minutes
    /// have made a message poison, and it is no longer there to be seen.
    /// </summary>
    private const int OldestMessageSeconds = 1200;

    private readonly List<Alarm> _all = [];

    /// <summary>Those added so far.</summary>
    public IReadOnlyList<Alarm> All => _all;

    /// <summary>Dead letters, and deliveries that nobody takes.</summary>
    public void AddQueues(Queues queues)
    {
        // Hidden ones count, or the alarm would come and go whenever somebody looks at the queue.
        Add(
            "DeadLetters",
            "There are dead letters: look at why they failed, then requeue them.",
            new MathExpression(
                new MathExpressionProps
                {
                    Expression = "visible + hidden",
                    Label = "Dead letters",
                    Period = Duration.Minutes(1),
                    UsingMetrics = new Dictionary<string, IMetric>(StringComparer.Ordinal)
                    {
                        ["visible"] = queues.DeadLetters.MetricApproximateNumberOfMessagesVisible(
                            Over(1, Stats.MAXIMUM)
                        ),
                        ["hidden"] = queues.DeadLetters.MetricApproximateNumberOfMessagesNotVisible(
                            Over(1, Stats.MAXIMUM)
                        ),
                    },
                }
            ),
            1
        );
        Add(
            "OldestMessage",
            "Deliveries wait for a worker: is it failing, throttled or at its concurrency cap?",
            queues.Deliveries.MetricApproximateAgeOfOldestMessage(Over(5, Stats.MAXIMUM)),
            OldestMessageSeconds
        );
    }

    /// <summary>Answers that are the service's fault.</summary>
    public void AddApi(Api api) =>
        Add(
            "ApiServerErrors",
            "The API answers 5xx: its function's log says why.",
            api.Gateway.MetricServerError(Over(5, Stats.SUM)),
            5
        );

    /// <summary>Functions that fail, are throttled, or do not run.</summary>
    public void AddFunctions(Functions functions)
    {
        foreach (var each in functions.All)
        {
            Add(
                $"{each.Name[(prefix.Length + 1)..]}Errors",
                "Invocations failed: the function's log says why.",
                each.Function.MetricErrors(Over(5, Stats.SUM)),
                1
            );
            Add(
                $"{each.Name[(prefix.Length + 1)..]}Throttles",
                "Invocations were refused: the account's concurrency is used up.",
                each.Function.MetricThrottles(Over(5, Stats.SUM)),
                1
            );
        }

        Add(
            "SweeperMissing",
            "The sweeper did not run for five minutes: long retries and lost messages wait for it.",
            functions.Sweeper.Function.MetricInvocations(Over(5, Stats.SUM)),
            1,
            ComparisonOperator.LESS_THAN_THRESHOLD,
            TreatMissingData.BREACHING
        );
    }

    /// <summary>Tables that refuse.</summary>
    public void AddStorage(Storage storage)
    {
        AddThrottling(
            "EventsThrottling",
            "DynamoDB throttles Events: give the busiest tenant more event shards.",
            storage.EventsThrottles
        );
        AddThrottling(
            "TenantsThrottling",
            "DynamoDB throttles Tenants: somebody changes or reads one tenant very often.",
            storage.TenantsThrottles
        );
    }

    // On demand, throttling means a hot partition. SUM and FILL: what was never throttled has no data at all, and must not hide what was.
    private void AddThrottling(string name, string advice, IReadOnlyList<Metric> throttles) =>
        Add(
            name,
            advice,
            new MathExpression(
                new MathExpressionProps
                {
                    Expression =
                        $"SUM([{string.Join(", ", throttles.Select((_, i) => $"FILL(m{i}, 0)"))}])",
                    Label = "Throttled",
                    Period = Duration.Minutes(5),
                    UsingMetrics = throttles
                        .Select((metric, i) => ($"m{i}", (IMetric)metric.With(Over(5, Stats.SUM))))
                        .ToDictionary(StringComparer.Ordinal),
                }
            ),
            1
        );

    private void Add(
        string name,
        string description,
        IMetric metric,
        double threshold,
        ComparisonOperator comparison = ComparisonOperator.GREATER_THAN_OR_EQUAL_TO_THRESHOLD,
        TreatMissingData missing = TreatMissingData.NOT_BREACHING
    ) =>
        _all.Add(
            new Alarm(
                scope,
                name,
                new AlarmProps
                {
                    AlarmName = $"{prefix}-{name}",
                    AlarmDescription = description,
                    Metric = metric,
                    Threshold = threshold,
                    ComparisonOperator = comparison,
                    EvaluationPeriods = 1,
                    TreatMissingData = missing,
                }
            )
        );

    private static MetricOptions Over(int minutes, string statistic) =>
        new() { Period = Duration.Minutes(minutes), Statistic = statistic };
}
