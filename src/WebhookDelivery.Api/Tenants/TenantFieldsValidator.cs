using FluentValidation;
using WebhookDelivery.Core;

namespace WebhookDelivery.Api;

/// <summary>What a new tenant's members may be.</summary>
internal sealed class TenantFieldsValidator : AbstractValidator<TenantFields>
{
    public TenantFieldsValidator(IEndpointUrlPolicy urls)
    {
        RuleFor(fields => fields.TenantId)
            .Cascade(CascadeMode.Stop)
            .Must(id => id.Value is not null)
            .WithMessage("Is required.")
            .Must(id => TenantId.TryParse(id.Value, out _))
            .WithMessage(
                $"Must be {TenantId.LengthMin} to {TenantId.LengthMax} lower-case letters, digits and hyphens."
            )
            .OverridePropertyName("tenant_id");
        RuleFor(fields => fields.Name.Value)
            .MaximumLength(NameRules.LengthMax)
            .WithMessage(NameRules.Fault)
            .OverridePropertyName("name");
        RuleFor(fields => fields.TargetUrl)
            .CustomAsync(
                (url, context, token) =>
                    url.Value is null
                        ? Task.CompletedTask
                        : UrlRules.CheckAsync("target_url", url, context, urls, token)
            );
        RuleFor(fields => fields.WebhookSecret.Value)
            .Custom((secret, context) => SecretRules.Check("webhook_secret", secret, context));
        RuleFor(fields => fields)
            .Must(fields =>
                fields.WebhookSecret.Value is null || fields.TargetUrl.Value is not null
            )
            .WithMessage("Needs a target_url to sign for.")
            .OverridePropertyName("webhook_secret");
    }
}
