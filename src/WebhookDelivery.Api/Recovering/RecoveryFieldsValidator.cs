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
                    Check("statuses", statuses, [.. allowed], context);
                }
            );
        RuleFor(fields => fields.Reasons.Value)
            .Custom(
                (reasons, context) =>
                    Check("reasons", reasons, [.. RecoveryReasons.All.Keys], context)
            );
        RuleFor(fields => fields.EventTypes.Value).Custom(EndpointListRules.CheckEventTypes);
    }

    private static void Check(
        string member,
        IReadOnlyList<string>? items,
        IReadOnlyList<string> allowed,
        ValidationContext<RecoveryFields> context
    )
    {
        if (items is null)
        {
            return;
        }

        if (items.Count == 0 || items.Count > allowed.Count)
        {
            context.AddFailure(member, $"Must have 1 to {allowed.Count} items.");
            return;
        }

        for (var i = 0; i < items.Count; i++)
        {
            if (!allowed.Contains(items[i], StringComparer.Ordinal))
            {
                context.AddFailure(
                    $"{member}[{i}]",
                    $"Must be one of {string.Join(", ", allowed)}."
                );
            }
        }
    }
}
