namespace WebhookDelivery.Core;

/// <summary>Which of the master keys at hand wraps a data key.</summary>
public enum MasterKeyMatch
{
    /// <summary>None of them: it cannot be opened.</summary>
    None,

    /// <summary>The current one.</summary>
    Current,

    /// <summary>A previous one: it can be opened, and is to be wrapped anew.</summary>
    Previous,
}
