using FluentValidation;
using WebhookDelivery.Core;

namespace WebhookDelivery.Api;

/// <summary>What a requeue may ask for.</summary>
internal sealed class RequeueFieldsValidator : AbstractValidator<RequeueFields>
{
    public const int MaxMessagesMax = 10_000;

    public RequeueFieldsValidator()
    {
        RuleFor(fields => fields.MaxMessages.Value)
            .InclusiveBetween(1, MaxMessagesMax)
            .WithMessage($"Must be 1 to {MaxMessagesMax}.")
            .OverridePropertyName("max_messages");
        RuleFor(fields => fields.TenantId.Value)
            .Must(text => text is null || TenantId.TryParse(text, out _))
            .WithMessage("Must be a tenant's id.")
            .OverridePropertyName("tenant_id");
        RuleFor(fields => fields.EventTypes.Value).Custom(EndpointListRules.CheckEventTypes);
        RuleFor(fields => fields.Reasons.Value)
            .Custom(
                (reasons, context) =>
                    CodeListRules.Check("reasons", reasons, OneOfAttribute.Reasons, context)
            );
        RuleFor(fields => fields)
            .Must(fields => !(fields.Since.Value > fields.Until.Value))
            .WithMessage("Must not be after until.")
            .OverridePropertyName("since");
    }
}
