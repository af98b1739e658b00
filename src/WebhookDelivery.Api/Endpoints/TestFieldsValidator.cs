using FluentValidation;
using WebhookDelivery.Core;

namespace WebhookDelivery.Api;

/// <summary>What a test may send: what POST /events takes.</summary>
internal sealed class TestFieldsValidator : AbstractValidator<TestFields>
{
    public TestFieldsValidator(ApiOptions options)
    {
        RuleFor(fields => fields.EventType.Value)
            .Must(type => type is null || EventTypeFilter.IsType(type))
            .WithMessage(
                $"Must be 1 to {EventTypeFilter.TypeLengthMax} printable ASCII characters."
            )
            .OverridePropertyName("event_type");
        RuleFor(fields => fields.Payload.Value)
            .Custom(
                (payload, context) =>
                {
                    if (payload is { } json && FindFault(json, options) is { } fault)
                    {
                        context.AddFailure("payload", fault);
                    }
                }
            );
    }

    private static string? FindFault(RawJson payload, ApiOptions options) =>
        payload.Utf8.Length > options.MaxPayloadBytes
            ? $"May have at most {options.MaxPayloadBytes} bytes."
            : (PayloadInspector.Inspect(payload.Utf8.Span) as PayloadInspection.Invalid)?.Fault;
}
