using System.Text;
using WebhookDelivery.Signatures;

namespace WebhookDelivery.Core;

/// <summary>A key that a receiver may make of a secret's text.</summary>
/// <param name="Key">The key's bytes.</param>
/// <param name="RightFor">The scheme that takes it so; null if none does.</param>
/// <param name="Words">What was made of the text, to follow "the key is".</param>
internal sealed record KeyForm(byte[] Key, SignatureSchemes? RightFor, string Words)
{
    /// <summary>The keys that a text may be made into.</summary>
    public static IReadOnlyList<KeyForm> Of(string secret)
    {
        List<KeyForm> forms =
        [
            new(
                Encoding.UTF8.GetBytes(secret),
                SignatureSchemes.Stripe,
                "the secret's text, which was not base64-decoded"
            ),
        ];
        var isPrefixed = secret.StartsWith(SigningSecret.Prefix, StringComparison.Ordinal);
        var rest = isPrefixed ? secret[SigningSecret.Prefix.Length..] : secret;
        if (isPrefixed)
        {
            forms.Add(
                new(
                    Encoding.UTF8.GetBytes(rest),
                    null,
                    "the text behind whsec_, which was not base64-decoded"
                )
            );
        }

        var key = new byte[rest.Length];
        if (Convert.TryFromBase64String(rest, key, out var length))
        {
            forms.Add(
                new(
                    key[..length],
                    SignatureSchemes.StandardWebhooks,
                    "the base64-decoded part behind whsec_"
                )
            );
        }

        return forms;
    }

    /// <summary>What a scheme takes.</summary>
    public static string Expected(SignatureSchemes scheme) =>
        scheme == SignatureSchemes.Stripe
            ? "Stripe-Signature takes the secret's whole text, whsec_ included, as the key"
            : "webhook-signature takes the base64-decoded part behind whsec_ as the key";
}
