using FluentValidation;
using WebhookDelivery.Signatures;

namespace WebhookDelivery.Api;

/// <summary>What a tenant's own signing secret may be.</summary>
internal static class SecretRules
{
    public static void Check<T>(string member, string? secret, ValidationContext<T> context)
    {
        if (secret is not null && !SigningSecret.TryParse(secret, out _, out var problem))
        {
            context.AddFailure(member, problem);
        }
    }
}
