using FluentValidation;

namespace WebhookDelivery.Api;

/// <summary>What a rotation may ask for.</summary>
internal sealed class RotationFieldsValidator : AbstractValidator<RotationFields>
{
    /// <summary>7 days.</summary>
    public const int OverlapSecondsMax = 604_800;

    public RotationFieldsValidator()
    {
        RuleFor(fields => fields.OverlapSeconds.Value)
            .InclusiveBetween(0, OverlapSecondsMax)
            .WithMessage($"Must be 0 to {OverlapSecondsMax}.")
            .OverridePropertyName("overlap_seconds");
        RuleFor(fields => fields.ForgetOld.Value)
            .Must((fields, _) => !fields.Forgets || fields.Overlap <= TimeSpan.Zero)
            .WithMessage("Goes with overlap_seconds 0 only: what is forgotten cannot sign.")
            .OverridePropertyName("forget_old");
        RuleFor(fields => fields.Secret.Value)
            .Custom((secret, context) => SecretRules.Check("secret", secret, context));
    }
}
