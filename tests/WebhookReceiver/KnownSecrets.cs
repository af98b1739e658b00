using WebhookDelivery.Receiver;
using WebhookDelivery.Signatures;

namespace WebhookReceiver;

/// <summary>The secrets, which may become known only after the start.</summary>
internal sealed class KnownSecrets(IReadOnlyList<string> initial) : IWebhookSecretSource
{
    private volatile IReadOnlyList<SigningSecret> _secrets = [.. initial.Select(Parse)];

    public bool IsEmpty => _secrets.Count == 0;

    public void Replace(IEnumerable<SigningSecret> secrets) => _secrets = [.. secrets];

    public ValueTask<IReadOnlyList<SigningSecret>> GetSecretsAsync(
        HttpContext context,
        CancellationToken cancellationToken
    ) => ValueTask.FromResult(_secrets);

    private static SigningSecret Parse(string text) =>
        SigningSecret.TryParse(text, out var secret, out var problem)
            ? secret
            : throw new ArgumentException(problem, nameof(text));
}
