using Amazon.CDK;
using Amazon.CDK.AWS.CloudWatch;
using Constructs;

namespace WebhookDelivery.Cdk;

/// <summary>One page: what comes in, what waits, what runs, what is stored.</summary>
internal sealed class WebhookDashboard
{
    private const int HalfWidth = 12;

    public WebhookDashboard(
        Construct scope,
        string prefix,
        Storage storage,
        Queues queues,
        Functions functions,
        Api api
    )
    {
        Name = $"{prefix}-WebhookDelivery";
        var dashboard = new Dashboard(
            scope,
            "Dashboard",
            new DashboardProps { DashboardName = Name, DefaultInterval = Duration.Hours(6) }
        );
        dashboard.AddWidgets(
            Graph(
                "API: answers",
                api.Gateway.MetricCount(Sum),
                api.Gateway.MetricClientError(Sum),
                api.Gateway.MetricServerError(Sum)
            ),
            Graph(
                "API: latency, ms",
                api.Gateway.MetricLatency(At("p50")),
                api.Gateway.MetricLatency(At("p99"))
            )
        );
        dashboard.AddWidgets(
            Graph(
                "Queue: messages",
                queues.Deliveries.MetricApproximateNumberOfMessagesVisible(Maximum),
                queues.Deliveries.MetricApproximateNumberOfMessagesDelayed(Maximum),
                queues.Deliveries.MetricApproximateNumberOfMessagesNotVisible(Maximum)
            ),
            Graph(
                "Queue: age of the oldest, s; dead letters",
                queues.Deliveries.MetricApproximateAgeOfOldestMessage(Maximum),
                queues.DeadLetters.MetricApproximateNumberOfMessagesVisible(Maximum)
            )
        );
        dashboard.AddWidgets(
            Graph("Functions: invocations", Each(functions, f => f.MetricInvocations(Sum))),
            Graph("Functions: errors", Each(functions, f => f.MetricErrors(Sum)))
        );
        dashboard.AddWidgets(
            Graph("Functions: duration p99, ms", Each(functions, f => f.MetricDuration(At("p99")))),
            Graph(
                "Functions: concurrency",
                Each(functions, f => f.Metric("ConcurrentExecutions", Maximum))
            )
        );
        dashboard.AddWidgets(
            Graph(
                "Tables: consumed units",
                storage.Events.MetricConsumedWriteCapacityUnits(Sum),
                storage.Events.MetricConsumedReadCapacityUnits(Sum),
                storage.Tenants.MetricConsumedReadCapacityUnits(Sum)
            ),
            Graph(
                "Tables: throttled",
                [
                    .. storage
                        .EventsThrottles.Concat(storage.TenantsThrottles)
                        .Select(each => each.With(Sum)),
                ]
            )
        );
    }

    /// <summary>The dashboard's name.</summary>
    public string Name { get; }

    private static MetricOptions Sum => At(Stats.SUM);

    private static MetricOptions Maximum => At(Stats.MAXIMUM);

    private static MetricOptions At(string statistic) =>
        new() { Period = Duration.Minutes(1), Statistic = statistic };

    private static IMetric[] Each(
        Functions functions,
        Func<Amazon.CDK.AWS.Lambda.Function, Metric> metric
    ) => [.. functions.All.Select(each => metric(each.Function))];

    private static GraphWidget Graph(string title, params IMetric[] metrics) =>
        new(
            new GraphWidgetProps
            {
                Title = title,
                Width = HalfWidth,
                Left = metrics,
            }
        );
}
