namespace WebhookReceiver;

/// <summary>The body or query of <c>POST /secret</c>.</summary>
/// <param name="Secret">The secret.</param>
/// <param name="Secrets">Several, during a rotation.</param>
internal sealed record SecretSettings(string? Secret = null, IReadOnlyList<string>? Secrets = null)
{
    public IEnumerable<string> All() =>
        [.. Secret is null ? [] : new[] { Secret }, .. Secrets ?? []];
}
