namespace WebhookDelivery.Aws;

/// <summary>When the sweeper acts on an open delivery, and whether a message goes out meanwhile.</summary>
/// <param name="DueAt">The sort key of `due-index`.</param>
/// <param name="Rests">
/// True: no message; the sweeper enqueues it at its time. False: a message carries it, and the
/// sweeper acts only if that is lost.
/// </param>
internal readonly record struct DueTime(DateTimeOffset DueAt, bool Rests);
