using Microsoft.Extensions.Logging;
using WebhookDelivery.Core;

namespace WebhookDelivery.Aws;

/// <summary>Begins passes over the dead-letter queue. Thread-safe.</summary>
internal sealed class DeadLetterPasses(
    DeadLetterQueue queue,
    DeadLetterStates states,
    DeadLetterMessages messages,
    IEventStore store,
    Lazy<OperationalEvents> events,
    TimeProvider time,
    ILogger<DeadLetterPass> logger
)
{
    /// <summary>A pass that has received nothing yet.</summary>
    public DeadLetterPass Begin(DeadLetterScope scope) =>
        new(scope, queue, states, messages, store, events, time, logger);
}
