namespace WebhookDelivery.Lambda;

/// <summary>Which of its functions the program is.</summary>
internal enum LambdaFunction
{
    /// <summary>Serves the HTTP API behind an API Gateway HTTP API.</summary>
    Api,

    /// <summary>Delivers batches of the queue's messages.</summary>
    Worker,

    /// <summary>Requeues dead letters for operators.</summary>
    DlqProcessor,

    /// <summary>Sweeps once.</summary>
    Sweeper,
}
