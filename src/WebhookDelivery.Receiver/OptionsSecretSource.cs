using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Options;
using WebhookDelivery.Signatures;

namespace WebhookDelivery.Receiver;

/// <summary>The secrets of the options, parsed once per version of the options.</summary>
internal sealed class OptionsSecretSource(IOptionsMonitor<WebhookReceiverOptions> options)
    : IWebhookSecretSource
{
    private volatile Parsed? _parsed;

    public ValueTask<IReadOnlyList<SigningSecret>> GetSecretsAsync(
        HttpContext context,
        CancellationToken cancellationToken
    )
    {
        var current = options.CurrentValue;
        var parsed = _parsed;
        if (parsed is null || !ReferenceEquals(parsed.Options, current))
        {
            _parsed = parsed = new Parsed(current, [.. current.Secrets.Select(Parse)]);
        }

        return ValueTask.FromResult(parsed.Secrets);
    }

    private static SigningSecret Parse(string text) =>
        SigningSecret.TryParse(text, out var secret, out var problem)
            ? secret
            : throw new InvalidOperationException(problem);

    private sealed record Parsed(
        WebhookReceiverOptions Options,
        IReadOnlyList<SigningSecret> Secrets
    );
}
