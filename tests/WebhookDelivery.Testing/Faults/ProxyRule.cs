namespace WebhookDelivery.Testing;

/// <summary>Stands between a request and the emulator.</summary>
/// <param name="request">What came.</param>
/// <param name="forward">Passes a request on; may be called never, once or several times.</param>
/// <returns>What to answer; null to cut the connection without an answer.</returns>
public delegate Task<ProxiedResponse?> ProxyRule(
    ProxiedRequest request,
    Func<ProxiedRequest, Task<ProxiedResponse>> forward
);
