namespace WebhookDelivery.Lambda.Tests;

/// <summary>What became of an invocation.</summary>
/// <param name="Failed">Whether it was reported as an error.</param>
/// <param name="Text">The answer's JSON, or the error's.</param>
/// <param name="ContentType">The media type it came with.</param>
/// <param name="ErrorType">The error type's header; null if there was none.</param>
internal sealed record InvocationEnd(
    bool Failed,
    string Text,
    string? ContentType,
    string? ErrorType
);
