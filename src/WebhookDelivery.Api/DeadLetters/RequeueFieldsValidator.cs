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
        RuleFor(fields => fields.EventTypes.Value)
            .Custom(
                (patterns, context) =>
                {
                    _ = EventTypeFilter.Parse(patterns ?? [], out var fault);
                    if (fault is not null)
                    {
                        context.AddFailure("event_types", fault);
                    }
                }
            );
        RuleFor(fields => fields.Reasons.Value)
            .Must(reasons => (reasons ?? []).All(reason => ReasonCodes.TryParse(reason, out _)))
            .WithMessage($"Each must be one of {string.Join(", ", OneOfAttribute.Reasons)}.")
            .OverridePropertyName("reasons");
        RuleFor(fields => fields)
            .Must(fields => !(fields.Since.Value > fields.Until.Value))
            .WithMessage("Must not be after until.")
            .OverridePropertyName("since");
    }
}
