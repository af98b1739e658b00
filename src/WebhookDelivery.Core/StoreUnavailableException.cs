namespace WebhookDelivery.Core;

/// <summary>
/// The engine cannot store or read now (disk full, database locked, service refusing or full of
/// work). Nothing that the failed call asked for has happened, unless its documentation says that
/// it may have. The API answers 503 `overloaded`; workers wait and try again.
/// </summary>
public sealed class StoreUnavailableException : Exception
{
    /// <summary>Says why, in words for the operator's log, and how long a caller should wait.</summary>
    /// <param name="message">What stands in the way; never shown to a tenant.</param>
    /// <param name="retryAfter">When trying again makes sense; 1 second unless given.</param>
    /// <param name="innerException">The adapter's own exception, if there was one.</param>
    /// <param name="isOneTenants">As <see cref="IsOneTenants"/>.</param>
    /// <param name="isDamage">As <see cref="IsDamage"/>.</param>
    public StoreUnavailableException(
        string message,
        TimeSpan? retryAfter = null,
        Exception? innerException = null,
        bool isOneTenants = false,
        bool isDamage = false
    )
        : base(message, innerException)
    {
        RetryAfter = retryAfter ?? TimeSpan.FromSeconds(1);
        IsOneTenants = isOneTenants;
        IsDamage = isDamage;
    }

    /// <summary>How long a caller should wait before trying again.</summary>
    public TimeSpan RetryAfter { get; }

    /// <summary>
    /// True if the store refuses one tenant's data only, having too much to do there: others' calls may
    /// well succeed.
    /// </summary>
    public bool IsOneTenants { get; }

    /// <summary>
    /// True if what is stored there is damaged: it stays so until somebody mends it, and calls about other
    /// data may well succeed. Workers do not wait for it.
    /// </summary>
    public bool IsDamage { get; }
}
