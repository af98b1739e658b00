namespace Amazon.Lambda.RuntimeSupport;

/// <summary>
/// Prepares the function before its first invocation. False ends the loop before it begins; an
/// exception is reported to Lambda as the reason why the function cannot start.
/// </summary>
public delegate Task<bool> LambdaBootstrapInitializer();
