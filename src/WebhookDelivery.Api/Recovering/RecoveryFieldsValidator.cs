using FluentValidation;
using WebhookDelivery.Core;

namespace WebhookDelivery.Api;

/// <summary>What a recovery may ask for.</summary>
internal sealed class RecoveryFieldsValidator : AbstractValidator<RecoveryFields>
{
    public RecoveryFieldsValidator()
    {
        // To cancel everything is plain; to send everything again, rarely what is meant.
        RuleFor(fields => fields.Since)
            .Must((fields, since) => fields.Kind == RecoveryKind.Cancel || since.Value is not null)
            .WithMessage("Is required.")
            .OverridePropertyName("since");
        RuleFor(fields => fields)
            .Must(fields => !(fields.Since.Value > fields.Until.Value))
            .WithMessage("Must not be after until.")
            .OverridePropertyName("since");
        RuleFor(fields => fields.Statuses.Value)
            .Custom(
                (statuses, context) =>
                {
                    var allowed = RecoveryStatuses
                        .Of(context.InstanceToValidate.Kind)
                        .Select(each => each.ToCode());
                    CodeListRules.Check("statuses", statuses, [.. allowed], context);
                }
            );
        RuleFor(fields => fields.Reasons.Value)
            .Custom(
                (reasons, context) =>
                    CodeListRules.Check("reasons", reasons, [.. RecoveryReasons.All.Keys], context)
            );
        RuleFor(fields => fields.EventTypes.Value).Custom(EndpointListRules.CheckEventTypes);
    }
}
