namespace WebhookDelivery.Simulation.Tests;

/// <summary>What a receiver does with what it gets.</summary>
internal enum Behaviour
{
    /// <summary>Answers 2xx within 100 ms.</summary>
    Up,

    /// <summary>Answers 2xx after up to 12 s.</summary>
    Slow,

    /// <summary>Cannot be reached.</summary>
    Down,

    /// <summary>Answers 2xx or 500.</summary>
    Flapping,

    /// <summary>Answers nothing.</summary>
    Hung,

    /// <summary>Answers 429 with Retry-After, or 2xx.</summary>
    Throttling,

    /// <summary>Answers 2xx a while, then 410.</summary>
    Leaving,

    /// <summary>Answers 2xx, or anything, with what it asks for in <c>webhook-delivery</c>.</summary>
    Asking,
}
