using FluentValidation;
using WebhookDelivery.Core;
using WebhookDelivery.Signatures;

namespace WebhookDelivery.Api;

/// <summary>What an endpoint's members may be, whether it is created or changed.</summary>
internal sealed class EndpointFieldsValidator : AbstractValidator<EndpointFields>
{
    public const int DescriptionLengthMax = 1000;
    public const double TimeoutSecondsMin = 1;
    public const double TimeoutSecondsMax = 30;
    public const double RateLimitMax = 10_000;

    /// <summary>Slowest rate, inclusive: one attempt in 1,000 seconds.</summary>
    public const double RateLimitMin = 0.001;
    public const int MaxInFlightMin = 1;
    public const int MaxInFlightMax = 1000;

    /// <summary>The rules that hold only when an endpoint is created.</summary>
    public const string Creation = nameof(Creation);

    /// <summary>The rules that hold only when an endpoint is changed.</summary>
    public const string Change = nameof(Change);

    public EndpointFieldsValidator(IEndpointUrlPolicy urls)
    {
        RuleSet(
            Creation,
            () =>
                RuleFor(fields => fields.Url)
                    .Must(url => url.IsGiven)
                    .WithMessage("Is required.")
                    .OverridePropertyName("url")
        );
        // A change must say which of the two it wants; a new endpoint has a default to take.
        RuleSet(
            Change,
            () =>
                RuleFor(fields => fields.Disabled)
                    .Must(disabled => !disabled.IsGiven || disabled.Value is not null)
                    .WithMessage("Must not be null.")
                    .OverridePropertyName("disabled")
        );
        RuleFor(fields => fields.Url)
            .CustomAsync(
                (url, context, token) => UrlRules.CheckAsync("url", url, context, urls, token)
            );
        RuleFor(fields => fields.Description.Value)
            .MaximumLength(DescriptionLengthMax)
            .WithMessage($"May have at most {DescriptionLengthMax} characters.")
            .OverridePropertyName("description");
        RuleFor(fields => fields.ExternalId.Value)
            .Must(id => id is null || ExternalIds.IsExternalId(id))
            .WithMessage(ExternalIds.Fault)
            .OverridePropertyName("external_id");
        RuleFor(fields => fields.Metadata.Value).Custom(MetadataRules.Check);
        RuleFor(fields => fields.EventTypes.Value).Custom(EndpointListRules.CheckEventTypes);
        RuleFor(fields => fields.Headers.Value).Custom(HeaderRules.Check);
        RuleFor(fields => fields.Secret.Value)
            .Custom((secret, context) => SecretRules.Check("secret", secret, context));
        RuleFor(fields => fields.RetrySchedule.Value).Custom(EndpointListRules.CheckSchedule);
        RuleFor(fields => fields.TimeoutSeconds.Value)
            .InclusiveBetween(TimeoutSecondsMin, TimeoutSecondsMax)
            .WithMessage($"Must be {TimeoutSecondsMin} to {TimeoutSecondsMax}.")
            .OverridePropertyName("timeout_seconds");
        RuleFor(fields => fields.RateLimitPerSecond.Value)
            .Must(rate => rate is null or (>= RateLimitMin and <= RateLimitMax))
            .WithMessage($"Must be {RateLimitMin} to {RateLimitMax}.")
            .OverridePropertyName("rate_limit_per_second");
        RuleFor(fields => fields.MaxInFlight.Value)
            .InclusiveBetween(MaxInFlightMin, MaxInFlightMax)
            .WithMessage($"Must be {MaxInFlightMin} to {MaxInFlightMax}.")
            .OverridePropertyName("max_in_flight");
    }
}
