using FluentValidation;

namespace WebhookDelivery.Api;

/// <summary>What a case may be that the signature doctor is asked about.</summary>
internal sealed class VerificationFieldsValidator : AbstractValidator<VerificationFields>
{
    public const int HeadersMax = 64;
    public const int HeaderNameLengthMax = 256;
    public const int HeaderValueLengthMax = 8192;
    public const int TextLengthMax = 1024;

    /// <summary>7 days.</summary>
    public const int ToleranceSecondsMax = 604_800;

    public VerificationFieldsValidator(ApiOptions options)
    {
        RuleFor(fields => fields.EndpointId.Value)
            .NotNull()
            .WithMessage("Is required.")
            .OverridePropertyName("endpoint_id");
        RuleFor(fields => fields.Headers.Value).Custom(CheckHeaders);
        RuleFor(fields => fields).Custom((fields, context) => CheckBody(fields, options, context));
        RuleFor(fields => fields.Secret.Value)
            .Length(1, TextLengthMax)
            .WithMessage($"Must have 1 to {TextLengthMax} characters.")
            .OverridePropertyName("secret");
        RuleFor(fields => fields.ComputedSignature.Value)
            .Length(1, TextLengthMax)
            .WithMessage($"Must have 1 to {TextLengthMax} characters.")
            .OverridePropertyName("computed_signature");
        RuleFor(fields => fields.ToleranceSeconds.Value)
            .InclusiveBetween(0, ToleranceSecondsMax)
            .WithMessage($"Must be 0 to {ToleranceSecondsMax}.")
            .OverridePropertyName("tolerance_seconds");
    }

    private static void CheckHeaders(
        IReadOnlyList<KeyValuePair<string, string>>? headers,
        ValidationContext<VerificationFields> context
    )
    {
        if (headers is null)
        {
            context.AddFailure("headers", "Is required: the headers as the receiver got them.");
            return;
        }

        if (headers.Count > HeadersMax)
        {
            context.AddFailure("headers", $"May have at most {HeadersMax} values.");
            return;
        }

        for (var i = 0; i < headers.Count; i++)
        {
            var (name, value) = headers[i];
            if (name.Length is < 1 or > HeaderNameLengthMax)
            {
                context.AddFailure(
                    $"headers[{i}]",
                    $"A header's name has 1 to {HeaderNameLengthMax} characters."
                );
            }
            else if (value.Length > HeaderValueLengthMax)
            {
                context.AddFailure(
                    $"headers[{i}]",
                    $"A header's value has at most {HeaderValueLengthMax} characters."
                );
            }
        }
    }

    private static void CheckBody(
        VerificationFields fields,
        ApiOptions options,
        ValidationContext<VerificationFields> context
    )
    {
        var isText = fields.Body.Value is not null;
        var isBase64 = fields.BodyBase64.Value is not null;
        var member = isBase64 ? "body_base64" : "body";
        if (isText == isBase64)
        {
            context.AddFailure(
                "body",
                isText ? "Give either body or body_base64." : "Is required, or body_base64."
            );
        }
        else if (fields.Bytes is null)
        {
            context.AddFailure(member, "Is not base64.");
        }
        else if (fields.Bytes.Length > options.MaxPayloadBytes)
        {
            context.AddFailure(
                member,
                $"May have at most {options.MaxPayloadBytes} bytes: no payload is larger."
            );
        }
    }
}
