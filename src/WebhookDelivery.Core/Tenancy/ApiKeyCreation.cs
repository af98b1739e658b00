namespace WebhookDelivery.Core;

/// <summary>What came of making a further API key for a tenant.</summary>
public abstract record ApiKeyCreation
{
    private ApiKeyCreation() { }

    /// <summary>It is good from now on.</summary>
    /// <param name="Text">The key, to be shown this once.</param>
    /// <param name="Key">What is stored of it.</param>
    public sealed record Created(string Text, ApiKey Key) : ApiKeyCreation;

    /// <summary>There is no such tenant.</summary>
    public sealed record NoTenant : ApiKeyCreation;

    /// <summary>The tenant has as many keys as it may; one must be revoked first.</summary>
    /// <param name="KeysMax">How many that is.</param>
    public sealed record LimitReached(int KeysMax) : ApiKeyCreation;
}
