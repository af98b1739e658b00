namespace WebhookDelivery.Testing;

/// <summary>What ends an attempt at a hostile receiver.</summary>
public enum AttemptEnd
{
    /// <summary>What the receiver does decides: nothing is waited for.</summary>
    AtOnce,

    /// <summary>The time that a response's body is given, or the deadline, whichever is first.</summary>
    BodyTime,

    /// <summary>The attempt's deadline.</summary>
    Deadline,
}
